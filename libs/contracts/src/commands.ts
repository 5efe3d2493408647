import type { Problem } from './errors.js';
import type { MarkRead, RefreshSocketToken, SendMessage, SetPresence, WatchPresence } from './inputs.js';
import type { PresenceView, SentMessageView } from './views.js';

/** Names the conversation a command is about. */
export interface InConversation {
  conversationId: string;
}

/**
 * Every command that a client may send over Socket.IO: one object in, one ack out.
 * Durable commands have a REST twin that does exactly the same.
 */
export interface CommandMap {
  'message:send': { input: InConversation & SendMessage; output: SentMessageView };
  'conversation:read': { input: InConversation & MarkRead; output: null };
  'typing:start': { input: InConversation; output: null };
  'typing:stop': { input: InConversation; output: null };
  'presence:watch': { input: WatchPresence; output: { items: PresenceView[] } };
  'presence:unwatch': { input: WatchPresence; output: null };
  'presence:set': { input: SetPresence; output: null };
  'auth:refresh': { input: RefreshSocketToken; output: { expiresAt: string } };
}

export const COMMANDS = [
  'message:send',
  'conversation:read',
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
