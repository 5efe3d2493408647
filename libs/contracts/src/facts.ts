import type { Limits } from './limits.js';
import type {
  ConversationSettingsView,
  ConversationView,
  MessageView,
  PresenceView,
  ProfileView,
  ReceiptView,
  UserView,
} from './views.js';
import type { DisconnectReason } from './disconnects.js';

/**
 * Every fact that the server tells over Socket.IO.
 *
 * Facts about a conversation that last carry its `seq`: apply the next, drop what is not higher,
 * repair what is missing. A system message and the `conversation:changed` that goes with it share
 * one number, the message first. The other facts are state: take the latest.
 */
export interface FactMap {
  /** The first thing a connected client hears: it is in all its rooms now. */
  ready: { userId: string; sessionId: string; epoch: string; limits: Limits };
  /** A message that was sent, to the members; its sender hears it too, and knows it by `clientId`. */
  'message:sent': { conversationId: string; seq: number; message: MessageView };
  /** The message as it is now, and what was done to it. */
  'message:changed': { conversationId: string; seq: number; message: MessageView; change: MessageChange };
  /** Title, members or roles as they are now. */
  'conversation:changed': { conversationId: string; seq: number; conversation: ConversationView };
  /** To the person who joined, on all their devices. */
  'conversation:joined': { conversationId: string; seq: number; conversation: ConversationView };
  /** To the person who left or was removed; nothing with a higher `seq` follows. */
  'conversation:left': { conversationId: string; seq: number };
  /**
   * How far a member has got, to the conversation (up to `receiptsMembersMax` people) and to their own
   * devices. Positions only grow: take the higher. `readSeq` null: this person does not tell it (any
   * more); about oneself, ignore the null.
   */
  'receipt:changed': { conversationId: string } & ReceiptView;
  /** One's own settings of a conversation, to one's own devices. */
  'settings:changed': { conversationId: string; settings: ConversationSettingsView };
  /** Somebody types, or does not type any more. Without a sign for `typingExpiresMs` it has ended. */
  'typing:changed': { conversationId: string; userId: string; typing: boolean };
  /** Whether somebody is there, to those who watch this person. */
  'presence:changed': PresenceView;
  /** A name as it is now, to oneself and to those who watch this person. */
  'user:changed': { user: UserView };
  /** One's own profile, to one's own devices. */
  'profile:changed': { profile: ProfileView };
  /** Whether one blocks this person, to one's own devices. */
  'block:changed': { userId: string; blocked: boolean };
  /** The access token of this connection expires soon: send `auth:refresh`. */
  'session:expiring': { expiresAt: string };
  /** The server closes this connection; `reason` says whether to come back. */
  'session:ended': Farewell;
  /** The server is going away: reconnect after `retryInMs`. */
  'server:draining': Farewell;
}

/**
 * What was done to a message. `several` when a node had missed something and read the message from the
 * database: then nobody knows, and it may have been more than one thing.
 */
export type MessageChange = 'edited' | 'deleted' | 'reaction_added' | 'reaction_removed' | 'several';

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
  'message:changed',
  'conversation:changed',
  'conversation:joined',
  'conversation:left',
  'receipt:changed',
  'settings:changed',
  'typing:changed',
  'presence:changed',
  'user:changed',
  'profile:changed',
  'block:changed',
  'session:expiring',
  'session:ended',
  'server:draining',
] as const satisfies readonly (keyof FactMap)[];

export type FactName = keyof FactMap;

/** Types a Socket.IO socket: what a client hears. */
export type ServerToClientEvents = { [N in FactName]: (payload: FactMap[N]) => void };
