import type { Role } from '@parley/contracts';
import type { Tx } from '../database/transactions.js';
import { MemberEntity } from './entities/member.entity.js';

/** Somebody who comes to belong to a conversation. */
export interface Joining {
  userId: string;
  role: Role;
  /** The other person of a direct conversation. */
  peerId?: string;
}

/**
 * Lets people belong to a conversation from `seq` on. Who was a member before starts anew: they see
 * nothing from the time when they did not belong to it, nothing older counts as unread, and their
 * settings are the first ones again, so that a group they once archived does not stay hidden.
 */
export async function startMemberships(
  tx: Tx,
  conversationId: string,
  people: readonly Joining[],
  seq: number,
): Promise<void> {
  const rows = people.map(({ userId, role, peerId = null }) => ({
    conversationId,
    userId,
    peerId,
    role,
    joinedSeq: seq,
    visibleFromSeq: seq,
    leftSeq: null,
    readSeq: seq,
    deliveredSeq: seq,
    mutedUntil: null,
    pinnedAt: null,
    archivedAt: null,
  }));
  await tx.manager.upsert(MemberEntity, rows, ['conversationId', 'userId']);
}

/** Ends a membership with the change `seq`, the last one that this person sees. */
export async function endMembership(tx: Tx, conversationId: string, userId: string, seq: number): Promise<void> {
  await tx.manager.update(MemberEntity, { conversationId, userId }, { leftSeq: seq });
}

export async function setRole(tx: Tx, conversationId: string, userId: string, role: Role): Promise<void> {
  await tx.manager.update(MemberEntity, { conversationId, userId }, { role });
}
