import type { Change, Fact } from '../events/fact.js';

type ReceiptFact = Extract<Fact, { type: 'receipt:changed' }>;

/** Longer than a receipt is under way, from the question whether it may be told to the last node that hears it. */
const REMEMBERED_MS = 60_000;

interface Turned {
  shown: boolean;
  version: number;
}

/**
 * What this node has heard of who shows and who hides how far they have read.
 *
 * A receipt is made for the switch as it stands, and then it is under way: the fact that the switch has been
 * turned may overtake it, on its way from another node or while it waits for the messages that it speaks of.
 * Guarantee: after that fact nobody here is told by such a receipt what is hidden now, nor that something is
 * hidden which is shown now. Covered by `read-receipts-switches.spec.ts` and `test/realtime/receipts.e2e-spec.ts`.
 */
export class ReadReceiptsSwitches {
  private latest = new Map<string, Turned>();
  /** What was heard before that. Together they hold what the last minute brought, and never much more. */
  private earlier = new Map<string, Turned>();
  private renewedAt = performance.now();

  /** The change as it may be told now. */
  apply(change: Change): Change {
    const [fact] = change;
    if (fact?.type !== 'receipt:changed' || fact.switchVersion === undefined) return change;
    const { userId, readSeq } = fact.payload;
    const version = fact.switchVersion;
    const known = this.latest.get(userId) ?? this.earlier.get(userId);
    if (known === undefined || version >= known.version) {
      // Of somebody who has never turned it, nothing can come too late.
      if (version > 0) this.remember(userId, { shown: readSeq !== null, version });
      return change;
    }
    const rest = change.slice(1);
    if (known.shown) return readSeq === null ? rest : change;
    return readSeq === null ? change : [masked(fact), forOwnDevices(fact), ...rest];
  }

  private remember(userId: string, turned: Turned): void {
    const now = performance.now();
    if (now - this.renewedAt > REMEMBERED_MS) {
      this.earlier = this.latest;
      this.latest = new Map();
      this.renewedAt = now;
    }
    this.latest.set(userId, turned);
  }
}

function masked(fact: ReceiptFact): ReceiptFact {
  return { ...fact, payload: { ...fact.payload, readSeq: null } };
}

function forOwnDevices({ type, payload }: ReceiptFact): ReceiptFact {
  return { type, audience: { userIds: [payload.userId] }, payload };
}
