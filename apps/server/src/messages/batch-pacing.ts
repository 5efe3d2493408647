/** So many people within so long are many. */
const MANY = 24;
const LATELY_MS = 100;
/** Where many people write, two batches begin so far from each other at least, unless enough wait before that. */
const SPACING_MS = 5;
/** The same, in times of what the last batch took until everybody had been written to; and at the most. */
const SPACING_SHARE = 2;
const SPACING_MAX_MS = 20;
/** Of those who wrote lately, so large a part is enough: they may all be waiting for their acks. */
const ENOUGH_SHARE = 0.75;
/** In a batch of so many messages, what a batch costs does not matter much any more. */
const ENOUGH_MAX = 128;

/**
 * Lets small batches of messages wait for company, where there is some to be expected.
 *
 * A batch costs as much as twenty messages do, and a write to each socket that is owed something. Where many
 * people write, each of the small ones would pay that for one or two messages: a tenth of all that a server does
 * in mixed life, and a third in large groups (docs/benchmarks.md). So the next batch begins 5 ms after the one
 * before it began, or as soon as three quarters of those who wrote lately have something in it. The dearer
 * batches are, the rarer they get: half of the time, up to 20 ms, is for what comes meanwhile.
 * A few people, a script that sends one message after the other for instance, wait for nobody: nobody else would
 * come meanwhile.
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
    if (this.wake !== null && waiting >= this.enough) this.wake();
  }

  /** Resolves when the next batch may begin after one that began at `begunAt`. */
  async rest(begunAt: number, waiting: () => number): Promise<void> {
    if (this.people < MANY || waiting() >= this.enough) return;
    // One turn of the event loop: then everybody has been written to.
    await new Promise((resolve) => setImmediate(resolve));
    if (waiting() >= this.enough) return;
    const took = performance.now() - begunAt;
    const left = Math.max(SPACING_MS, Math.min(SPACING_MAX_MS, SPACING_SHARE * took)) - took;
    if (left <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      // NOTE: by way of a variable. Assigned at once it would be kept until a full collection (`connection.ts`).
      this.wake = wake;
    });
    this.wake = null;
  }

  private get people(): number {
    return Math.max(this.before, this.senders.size);
  }

  private get enough(): number {
    return Math.min(ENOUGH_MAX, Math.ceil(ENOUGH_SHARE * this.people));
  }
}
