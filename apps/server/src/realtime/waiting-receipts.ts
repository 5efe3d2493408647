import type { Change, Fact } from '../events/fact.js';

type ReceiptFact = Extract<Fact, { type: 'receipt:changed' }>;

interface Kept {
  /** The number up to which it says something. */
  upTo: number;
  change: Change;
}

const NOTHING: readonly Change[] = [];

/** Receipts that speak of numbers which the people on this node have not been told of yet. */
export class WaitingReceipts {
  /** Of each conversation the latest receipt of each person and each turn of their switch. */
  private readonly conversations = new Map<string, Map<string, Kept>>();

  /** Positions only grow, so a later receipt of the same person is told in the place of an earlier one. */
  keep({ payload: { conversationId, userId, deliveredSeq }, switchVersion = 0 }: ReceiptFact, change: Change): void {
    const waiting = this.conversations.get(conversationId) ?? new Map<string, Kept>();
    this.conversations.set(conversationId, waiting);
    const key = `${userId} ${switchVersion}`;
    const earlier = waiting.get(key);
    if (earlier === undefined || earlier.upTo <= deliveredSeq) waiting.set(key, { upTo: deliveredSeq, change });
  }

  /** Those that speak of nothing above `toldSeq`; they wait no longer. */
  take(conversationId: string, toldSeq: number): readonly Change[] {
    const waiting = this.conversations.get(conversationId);
    if (waiting === undefined) return NOTHING;
    const due: Change[] = [];
    for (const [key, { upTo, change }] of waiting) {
      if (upTo > toldSeq) continue;
      due.push(change);
      waiting.delete(key);
    }
    if (waiting.size === 0) this.conversations.delete(conversationId);
    return due;
  }

  forget(conversationId: string): void {
    this.conversations.delete(conversationId);
  }
}
