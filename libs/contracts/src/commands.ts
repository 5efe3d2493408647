import type { Problem } from './errors.js';
import type {
  DeleteMessage,
  EditMessage,
  MarkDelivered,
  MarkRead,
  React,
  RefreshSocketToken,
  SendMessage,
  SetPresence,
  SyncRequest,
  WatchPresence,
} from './inputs.js';
import type { MessageView, PresenceView, SentMessageView, SyncReply } from './views.js';

/** Names the conversation a command is about. */
export interface InConversation {
  conversationId: string;
}

/** Names the message a command is about. */
export interface OnMessage extends InConversation {
  seq: number;
}

/**
 * Every command that a client may send over Socket.IO: one object in, one ack out.
 * Durable commands have a REST twin that does exactly the same.
 */
export interface CommandMap {
  /** Sends a text. Repeat it with the same `clientId` until it is answered: it is stored once. */
  'message:send': { input: InConversation & SendMessage; output: SentMessageView };
  /** Gives one's own message another text. With `version`, only when nobody was faster. */
  'message:edit': { input: OnMessage & EditMessage; output: MessageView };
  /** Takes a message away for everybody; its place stays. */
  'message:delete': { input: OnMessage & DeleteMessage; output: MessageView };
  /** Reacts with one emoji. The same again changes nothing. */
  'reaction:add': { input: OnMessage & React; output: MessageView };
  /** Takes one's own reaction back. One that is not there changes nothing. */
  'reaction:remove': { input: OnMessage & React; output: MessageView };
  /** Everything up to `seq` has been read. The position only grows. */
  'conversation:read': { input: InConversation & MarkRead; output: null };
  /** Everything up to `seq` has reached a device. The position only grows. */
  'conversation:delivered': { input: InConversation & MarkDelivered; output: null };
  /** Asks what was missed since the cursors: after each `ready`, and when a number is missing. */
  sync: { input: SyncRequest; output: SyncReply };
  /** Tells the others that one types; repeat it while that is so. Lasts for this connection only. */
  'typing:start': { input: InConversation; output: null };
  /** Tells the others that one does not type any more. */
  'typing:stop': { input: InConversation; output: null };
  /** Asks to hear `presence:changed` about people, and answers how they are now. */
  'presence:watch': { input: WatchPresence; output: { items: PresenceView[] } };
  /** Asks not to hear of these people any more. */
  'presence:unwatch': { input: WatchPresence; output: null };
  /** Says whether somebody sits in front of this device. */
  'presence:set': { input: SetPresence; output: null };
  /** Prolongs this connection with a newer access token of the same session. */
  'auth:refresh': { input: RefreshSocketToken; output: { expiresAt: string } };
}

export const COMMANDS = [
  'message:send',
  'message:edit',
  'message:delete',
  'reaction:add',
  'reaction:remove',
  'conversation:read',
  'conversation:delivered',
  'sync',
  'typing:start',
  'typing:stop',
  'presence:watch',
  'presence:unwatch',
  'presence:set',
  'auth:refresh',
] as const satisfies readonly (keyof CommandMap)[];

export type CommandName = keyof CommandMap;
export type CommandInput<N extends CommandName> = CommandMap[N]['input'];
export type CommandOutput<N extends CommandName> = CommandMap[N]['output'];

/** Every command is answered exactly once, with one of these. */
export type Ack<T> = { ok: true; data: T } | { ok: false; error: Problem };

/** Types a Socket.IO socket: what a client emits. */
export type ClientToServerEvents = {
  [N in CommandName]: (input: CommandInput<N>, ack: (answer: Ack<CommandOutput<N>>) => void) => void;
};
