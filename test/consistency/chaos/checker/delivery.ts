import type { TimedEvent } from '../history/history-event.js';
import type { Message } from '../history/message.js';
import type { Case } from './case.js';
import { ofKind } from './operations.js';
import type { Violation } from './violation.js';

/** A connection that was open at the end. */
interface OpenConnection {
  client: string;
  userId: string;
  connection: number | null;
  since: number;
}

/**
 * "From `ready` on, everything that is committed arrives live": what was sent while a connection was there, and it
 * still is, was told on it, without anybody's asking.
 */
export function* findLostDeliveries(theCase: Case): Generator<Violation> {
  const { history } = theCase.evidence;
  const told = new Set(
    history.flatMap((event) => (event.type === 'told' && event.message !== null ? [toldKey(event)] : [])),
  );
  const invokedAt = new Map<string, number>();
  for (const { action, invokedAt: at } of ofKind(theCase.operations, 'send')) {
    if (!invokedAt.has(action.clientId)) invokedAt.set(action.clientId, at);
  }
  for (const open of openConnections(history)) {
    const isDue = (message: Message): boolean => {
      const since = theCase.memberships.get(message.conversationId)?.since(open.userId) ?? null;
      const sentAt = invokedAt.get(message.clientId ?? '') ?? -1;
      return since !== null && since <= message.seq && sentAt > open.since;
    };
    for (const message of theCase.messages.filter(isDue)) {
      if (told.has(toldKey({ ...open, ...message }))) continue;
      const sentence = `${open.client} was connected when ${message.seq}, "${message.body}", was sent, and never heard of it`;
      yield { rule: 'delivery-lost', sentence, evidence: [message, open] };
    }
  }
}

function toldKey(place: { client: string; connection: number | null; conversationId: string; seq: number }): string {
  return `${place.client} ${place.connection} ${place.conversationId} ${place.seq}`;
}

function openConnections(history: readonly TimedEvent[]): OpenConnection[] {
  const open = new Map<string, OpenConnection>();
  for (const [since, event] of history.entries()) {
    if (event.type !== 'connected' && event.type !== 'disconnected') continue;
    const { client, userId, connection } = event;
    const key = `${client} ${connection}`;
    if (event.type === 'connected') open.set(key, { client, userId, connection, since });
    else open.delete(key);
  }
  return [...open.values()];
}
