import type { MessageView } from '@parley/contracts';
import type { Membership } from '../conversations/conversations.access.js';

/**
 * Who may change which message. Pure: whether somebody sees the message at all is found out before,
 * and what a role may do in a conversation stands in `conversations.policy.ts`.
 */

type Message = Pick<MessageView, 'kind' | 'senderId'>;

/** Nobody puts words into somebody else's mouth, and what the system told has happened. */
export function canEditMessage(message: Message, userId: string): boolean {
  return message.kind === 'text' && message.senderId === userId;
}

/** One's own, and in a group everybody's for those who lead it. */
export function canDeleteMessage(
  message: Message,
  userId: string,
  { kind, role }: Pick<Membership, 'kind' | 'role'>,
): boolean {
  if (message.kind !== 'text') return false;
  return message.senderId === userId || (kind === 'group' && role !== 'member');
}

/** Everybody who sees a text may react to it; what the system told is no invitation. */
export function canReactTo(message: Pick<Message, 'kind'>): boolean {
  return message.kind === 'text';
}
