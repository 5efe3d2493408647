import type { Limits } from './limits.js';
import type { ConversationView, MessageView, PresenceView, UserView } from './views.js';
import type { DisconnectReason } from './disconnects.js';

/**
 * Every fact that the server tells over Socket.IO.
 *
 * Facts about a conversation that last carry its `seq`: apply the next, drop what is not higher,
 * repair what is missing. A system message and the `conversation:changed` that goes with it share
 * one number, the message first.
 */
export interface FactMap {
  /** The first thing a connected client hears: it is in all its rooms now. */
  ready: { userId: string; sessionId: string; epoch: string; limits: Limits };
  'message:sent': { conversationId: string; seq: number; message: MessageView };
  /** Title, members or roles as they are now. */
  'conversation:changed': { conversationId: string; seq: number; conversation: ConversationView };
  /** To the person who joined, on all their devices. */
  'conversation:joined': { conversationId: string; seq: number; conversation: ConversationView };
  /** To the person who left or was removed; nothing with a higher `seq` follows. */
  'conversation:left': { conversationId: string; seq: number };
  /** One's own read position, to one's other devices. Positions only grow: take the higher. */
  'receipt:changed': { conversationId: string; userId: string; readSeq: number };
  'typing:changed': { conversationId: string; userId: string; typing: boolean };
  'presence:changed': PresenceView;
  'user:changed': { user: UserView };
  /** The access token of this connection expires soon: send `auth:refresh`. */
  'session:expiring': { expiresAt: string };
  /** The server closes this connection; `reason` says whether to come back. */
  'session:ended': Farewell;
  /** The server is going away: reconnect after `retryInMs`. */
  'server:draining': Farewell;
}

/** Why a connection ends, and whether and when its client may come back. */
export interface Farewell {
  reason: DisconnectReason;
  mayReconnect: boolean;
  /** Milliseconds to wait before coming back, to which a client adds jitter; null to stay away. */
  retryInMs: number | null;
}

export const FACTS = [
  'ready',
  'message:sent',
  'conversation:changed',
  'conversation:joined',
  'conversation:left',
  'receipt:changed',
  'typing:changed',
  'presence:changed',
  'user:changed',
  'session:expiring',
  'session:ended',
  'server:draining',
] as const satisfies readonly (keyof FactMap)[];

export type FactName = keyof FactMap;

/** Types a Socket.IO socket: what a client hears. */
export type ServerToClientEvents = { [N in FactName]: (payload: FactMap[N]) => void };
