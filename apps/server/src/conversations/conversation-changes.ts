import { Injectable } from '@nestjs/common';
import type { ConversationView, MessageView, SystemEvent } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import type { Tx } from '../database/transactions.js';
import type { Fact, Position } from '../events/fact.js';
import { ConversationsAccess } from './conversations.access.js';
import { TimelineAccess, type Head } from './timeline.access.js';

/** What changes, and for whom. */
export interface ConversationChange {
  event: SystemEvent;
  /** Whether members or roles change. */
  membersChanged: boolean;
  /** People who belong to the conversation from now on. */
  joined?: readonly string[];
  /** People who do not any more. */
  left?: readonly string[];
}

/**
 * Makes a change of title, members or roles, under the head's lock that the caller holds.
 *
 * Invariant: one change takes one number. Its system message has that number, and so have all its
 * facts, which are recorded in the order in which they are to be heard: people join before they hear
 * of anything, and leave after they have heard of their leaving.
 */
@Injectable()
export class ConversationChanges {
  constructor(
    private readonly timeline: TimelineAccess,
    private readonly access: ConversationsAccess,
  ) {}

  /** Takes the next number, hands it to `write`, records the facts, and returns how things are now. */
  async make(
    tx: Tx,
    head: Head,
    actor: Actor,
    change: ConversationChange,
    write: (seq: number) => Promise<void>,
  ): Promise<ConversationView> {
    const { event, membersChanged } = change;
    const message = await this.timeline.appendSystem(tx, head, actor.userId, event, { membersChanged });
    await write(message.seq);
    const conversation = await this.access.getView(tx.manager, head.conversationId);
    tx.record(...toFacts(change, message, conversation));
    return conversation;
  }
}

/** The facts of one change, in order. */
export function toFacts(change: ConversationChange, message: MessageView, conversation: ConversationView): Fact[] {
  const { joined = [], left = [] } = change;
  const { conversationId, seq } = message;
  const position: Position = {
    conversationId,
    seq,
    memberVersion: conversation.memberVersion,
    ...(joined.length > 0 && { joined }),
    ...(left.length > 0 && { left }),
  };
  const place = { conversationId, seq };
  const everybody = { conversationId };
  const facts: Fact[] = [
    { type: 'message:sent', audience: everybody, position, payload: { ...place, message } },
    { type: 'conversation:changed', audience: everybody, position, payload: { ...place, conversation } },
  ];
  if (joined.length > 0) facts.unshift(joinedFact(joined, position, conversation));
  if (left.length > 0) facts.push({ type: 'conversation:left', audience: { userIds: left }, position, payload: place });
  return facts;
}

/** Tells people that they belong to a conversation. */
export function joinedFact(joined: readonly string[], position: Position, conversation: ConversationView): Fact {
  const { conversationId, seq } = position;
  return {
    type: 'conversation:joined',
    audience: { userIds: joined },
    position: { ...position, joined },
    payload: { conversationId, seq, conversation },
  };
}
