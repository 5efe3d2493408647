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
  'message:send': { input: InConversation & SendMessage; output: SentMessageView };
  'message:edit': { input: OnMessage & EditMessage; output: MessageView };
  'message:delete': { input: OnMessage & DeleteMessage; output: MessageView };
  'reaction:add': { input: OnMessage & React; output: MessageView };
  'reaction:remove': { input: OnMessage & React; output: MessageView };
  'conversation:read': { input: InConversation & MarkRead; output: null };
  'conversation:delivered': { input: InConversation & MarkDelivered; output: null };
  sync: { input: SyncRequest; output: SyncReply };
  'typing:start': { input: InConversation; output: null };
  'typing:stop': { input: InConversation; output: null };
  'presence:watch': { input: WatchPresence; output: { items: PresenceView[] } };
  'presence:unwatch': { input: WatchPresence; output: null };
  'presence:set': { input: SetPresence; output: null };
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
