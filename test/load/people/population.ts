import { newId } from '../../../apps/server/src/common/id.js';

/** Somebody who is logged in. */
export interface Person {
  userId: string;
  sessionId: string;
  conversationIds: string[];
}

export interface Conversation {
  id: string;
  kind: 'direct' | 'group';
  members: Person[];
}

/** Who there is and who talks to whom, before any server knows of it. */
export class Population {
  readonly people: Person[] = [];
  readonly conversations: Conversation[] = [];

  addPeople(count: number): Person[] {
    const people = Array.from({ length: count }, () => ({ userId: newId(), sessionId: newId(), conversationIds: [] }));
    this.people.push(...people);
    return people;
  }

  /** A direct conversation of two of them, or a group; the first is its owner. */
  addConversation(kind: Conversation['kind'], members: Person[]): Conversation {
    const conversation = { id: newId(), kind, members };
    for (const member of members) member.conversationIds.push(conversation.id);
    this.conversations.push(conversation);
    return conversation;
  }
}
