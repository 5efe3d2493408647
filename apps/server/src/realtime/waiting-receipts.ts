import type { FactMap } from '@parley/contracts';
import type { Change } from '../events/fact.js';

type Receipt = FactMap['receipt:changed'];

interface Kept {
  /** The number up to which it says something. */
  upTo: number;
  change: Change;
}

const NOTHING: readonly Change[] = [];

/** Receipts that speak of numbers which the people on this node have not been told of yet. */
export class WaitingReceipts {
  /** Of each conversation the latest receipt of each person. */
  private readonly conversations = new Map<string, Map<string, Kept>>();

  /** Positions only grow, so a later receipt of the same person is told in the place of an earlier one. */
  keep({ conversationId, userId, deliveredSeq }: Receipt, change: Change): void {
    const waiting = this.conversations.get(conversationId) ?? new Map<string, Kept>();
    this.conversations.set(conversationId, waiting);
    const earlier = waiting.get(userId);
    if (earlier === undefined || earlier.upTo <= deliveredSeq) waiting.set(userId, { upTo: deliveredSeq, change });
  }

  /** Those that speak of nothing above `toldSeq`; they wait no longer. */
  take(conversationId: string, toldSeq: number): readonly Change[] {
    const waiting = this.conversations.get(conversationId);
    if (waiting === undefined) return NOTHING;
    const due: Change[] = [];
    for (const [userId, { upTo, change }] of waiting) {
      if (upTo > toldSeq) continue;
      due.push(change);
      waiting.delete(userId);
    }
    if (waiting.size === 0) this.conversations.delete(conversationId);
    return due;
  }

  forget(conversationId: string): void {
    this.conversations.delete(conversationId);
  }
}
