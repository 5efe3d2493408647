/** So many people within so long are many. */
const MANY = 24;
const LATELY_MS = 100;
/** Where many people write, two batches begin so far from each other at least, unless enough wait before that. */
const SPACING_MS = 5;
/** Of those who wrote lately, so large a part is enough: they may all be waiting for their acks. */
const ENOUGH_SHARE = 0.75;
/** In a batch of so many messages, what a batch costs does not matter much any more. */
const ENOUGH_MAX = 64;

/**
 * Lets small batches of messages wait for company, where there is some to be expected.
 *
 * A batch costs as much as twenty messages do, and where many people write, each of the small ones would pay that
 * for one or two: a tenth of all that a server does in mixed life (docs/benchmarks.md). So the next batch begins
 * 5 ms after the one before it began, or as soon as three quarters of those who wrote lately have something in it.
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

  /** Resolves when the next batch may begin after one that began at `begunAt`; so many messages wait already. */
  async rest(begunAt: number, waiting: number): Promise<void> {
    if (this.people < MANY || waiting >= this.enough) return;
    const left = SPACING_MS - (performance.now() - begunAt);
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
