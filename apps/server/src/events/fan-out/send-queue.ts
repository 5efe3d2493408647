const MAX_BYTES = 4 * 1024 * 1024;
const MAX_AGE_MS = 5_000;
const MAX_TEXTS_AT_ONCE = 100;

export interface Waiting {
  readonly text: string;
  readonly since: number;
}

/**
 * What waits to be sent, in order and bounded: the oldest envelopes give way. Whoever then hears the
 * newest sees that something is missing and looks it up; had the newest given way, nobody would. Old
 * ones go as well, because typing and presence from before an outage would be wrong after it.
 */
export class SendQueue {
  private waiting: Waiting[] = [];
  private size = 0;

  constructor(
    private readonly maxSize = MAX_BYTES,
    private readonly maxAgeMs = MAX_AGE_MS,
  ) {}

  push(text: string): void {
    this.waiting.push({ text, since: performance.now() });
    this.size += text.length;
    this.shrink();
  }

  /** Removes and returns what is to be sent next. */
  take(): Waiting[] {
    const oldest = performance.now() - this.maxAgeMs;
    const firstFresh = this.waiting.findIndex((entry) => entry.since >= oldest);
    this.remove(firstFresh === -1 ? this.waiting.length : firstFresh);
    return this.remove(MAX_TEXTS_AT_ONCE);
  }

  /** Returns what was taken and could not be sent to the front. */
  putBack(entries: readonly Waiting[]): void {
    this.waiting.unshift(...entries);
    for (const entry of entries) this.size += entry.text.length;
    this.shrink();
  }

  private shrink(): void {
    while (this.size > this.maxSize) this.remove(1);
  }

  private remove(count: number): Waiting[] {
    const removed = this.waiting.splice(0, count);
    for (const entry of removed) this.size -= entry.text.length;
    return removed;
  }
}
