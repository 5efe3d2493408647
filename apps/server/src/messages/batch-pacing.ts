/** A batch of so many messages costs little more than one of one, so nothing is gained by waiting for more. */
const WORTHWHILE = 8;
/** Two batches with fewer begin so far from each other at least. */
const SPACING_MS = 5;
/** So many people within so long are many. */
const MANY = 24;
const LATELY_MS = 100;

/**
 * Lets small batches of messages wait for company, where there is some to be expected.
 *
 * A batch costs as much as twenty messages do, and where many people write now and then each of them would pay
 * for one of its own: a tenth of all that a server does (docs/benchmarks.md). So a small batch is followed by the
 * next one 5 ms after it began, or as soon as eight messages wait. A few people, a script that sends one message
 * after the other for instance, wait for nobody: nobody else would come meanwhile.
 */
export class BatchPacing {
  private senders = new Set<string>();
  private since = performance.now();
  /** How many there were in the stretch before this one. */
  private before = 0;
  private wake: (() => void) | null = null;

  /** Somebody has sent something, and so many messages wait now. */
  note(senderId: string, waiting: number): void {
    const now = performance.now();
    const passed = now - this.since;
    if (passed >= LATELY_MS) {
      this.before = passed >= 2 * LATELY_MS ? 0 : this.senders.size;
      this.senders = new Set();
      this.since = now;
    }
    this.senders.add(senderId);
    if (waiting >= WORTHWHILE) this.wake?.();
  }

  /** Resolves when the next batch may begin after one of `written` messages that began at `begunAt`. */
  async rest(begunAt: number, written: number, waiting: number): Promise<void> {
    if (written >= WORTHWHILE || waiting >= WORTHWHILE || Math.max(this.before, this.senders.size) < MANY) return;
    const left = SPACING_MS - (performance.now() - begunAt);
    if (left <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}
