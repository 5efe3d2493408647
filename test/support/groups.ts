import type { ConversationView } from '@parley/contracts';
import type { Person } from './people.js';
import type { Answer } from './rest.js';

/** A group that `owner` creates with these people; its id. Its first message has the number 1. */
export async function groupOf(owner: Person, ...others: Person[]): Promise<string> {
  const memberIds = others.map(({ id }) => id);
  return created(await owner.rest.post<ConversationView>('/conversations', { kind: 'group', title: 'Tea', memberIds }));
}

/** The direct conversation of two people; its id. */
export async function directOf(one: Person, other: Person): Promise<string> {
  return created(await one.rest.post<ConversationView>('/conversations', { kind: 'direct', memberIds: [other.id] }));
}

export async function addTo(conversationId: string, actor: Person, ...people: Person[]): Promise<void> {
  const userIds = people.map(({ id }) => id);
  expectDone(await actor.rest.post(`/conversations/${conversationId}/members`, { userIds }));
}

/** Removes somebody; removing oneself is leaving. */
export async function removeFrom(conversationId: string, actor: Person, person: Person): Promise<void> {
  expectDone(await actor.rest.delete(`/conversations/${conversationId}/members/${person.id}`));
}

function created({ status, body }: Answer<ConversationView>): string {
  if (status !== 201 && status !== 200) throw new Error(`Not created: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

function expectDone({ status, body }: Answer<unknown>): void {
  if (status >= 300) throw new Error(`Not done: ${status} ${JSON.stringify(body)}`);
}
