import type { ConversationSummary, ConversationView, MemberView } from '@parley/contracts';

/** The other person of a direct conversation; null in a group. */
export function toPartner({ kind, members }: ConversationView, ownId: string): MemberView | null {
  if (kind !== 'direct') return null;
  return members?.find(({ userId }) => userId !== ownId) ?? members?.[0] ?? null;
}

/** What a conversation is called for this person. */
export function toTitle(conversation: ConversationView, ownId: string): string {
  return conversation.title ?? toPartner(conversation, ownId)?.displayName ?? 'Conversation';
}

export function isMuted({ settings: { mutedUntil } }: ConversationSummary, now: number = Date.now()): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > now;
}

/** How many things wait for this person: of muted conversations only what names them counts. */
export function countWaiting(items: readonly ConversationSummary[]): number {
  return items.reduce((sum, item) => sum + (isMuted(item) ? item.mentions : item.unread), 0);
}

/** A count as a badge shows it; the server counts to 100 and no further. */
export function toBadge(count: number): string {
  return count > 99 ? '99+' : String(count);
}
