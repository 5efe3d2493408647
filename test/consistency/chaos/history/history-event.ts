import type { FactName, PresenceState } from '@parley/contracts';
import type { Message } from './message.js';

/** What a client asks the server to do. */
export type Action = { conversationId: string } & (
  | { kind: 'send'; clientId: string; body: string }
  | { kind: 'edit'; seq: number; body: string }
  | { kind: 'delete'; seq: number }
  | { kind: 'react' | 'unreact'; seq: number; emoji: string }
  | { kind: 'read'; seq: number }
  | { kind: 'add'; targetId: string }
  | { kind: 'remove'; targetId: string }
  | { kind: 'leave' }
);

/** Where something was observed: a client of a person, on one of its connections. */
export interface Observer {
  client: string;
  userId: string;
  /** Counts the connections of a client; null where there is none, as over REST. */
  connection: number | null;
}

/**
 * One line of a history.
 *
 * An operation begins with `invoke` and ends with one of three: `ok`; `fail`, which says that nothing was
 * done; or `unknown`, when the answer was lost or was `outcome_unknown`: it may have been done or not.
 */
export type HistoryEvent =
  | ({ type: 'invoke'; operation: number; action: Action } & Observer)
  | { type: 'ok'; operation: number; message: Message | null; duplicate: boolean }
  | { type: 'fail'; operation: number; code: string }
  | { type: 'unknown'; operation: number; code: string }
  /** The server has said that it is ready: everything from now on arrives live. */
  | ({ type: 'connected' } & Observer)
  | ({ type: 'disconnected' } & Observer)
  /** A fact that has a place in a conversation has arrived. */
  | ({ type: 'told'; fact: FactName; conversationId: string; seq: number; message: Message | null } & Observer)
  /** It was told how far somebody has got. */
  | ({ type: 'receipt'; conversationId: string; memberId: string; upTo: number } & Observer)
  /** A page of history, or the answer to a sync. */
  | ({ type: 'read'; conversationId: string; messages: readonly Message[] } & Observer)
  /** What an observer is told of somebody when everything has settled. */
  | { type: 'presence'; userId: string; state: PresenceState }
  | { type: 'fault'; name: string; phase: 'begins' | 'ends' };

/** The same with its time, in milliseconds since the history began. The order of lines is the order of time. */
export type TimedEvent = HistoryEvent & { at: number };
