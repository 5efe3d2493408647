interface Waiting<K, V> {
  readonly key: K;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

const AT_ONCE = 2;
const BATCH_MAX = 200;
/** When nobody has asked for so long, nobody is about to. */
const QUIET_MS = 4;

/**
 * Answers many small questions of one kind with few queries. Whoever asks alone gets an answer at once.
 * When others have just asked, a question waits for a moment, as long as more come in, and leaves in one
 * query with what else was asked meanwhile. When a server comes back, everybody connects at once, and a
 * query for each of them would be most of the work: on one core, PostgreSQL answers before the next has
 * even asked.
 *
 * Guarantee: a question is answered by a query that was begun after it was asked, and nothing is
 * remembered. A query that fails, fails for all whose question was in it.
 */
export class BatchedReads<K, V> {
  private waiting: Waiting<K, V>[] = [];
  private running = 0;
  private begunAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  /**
   * `read` gives a value for each key, in their order. There is at most one query in `gatherMs`, unless it would
   * become too large, or nobody else has asked for some milliseconds.
   */
  constructor(
    private readonly gatherMs: number,
    private readonly read: (keys: readonly K[]) => Promise<readonly V[]>,
  ) {}

  ask(key: K): Promise<V> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    if (this.running >= AT_ONCE || this.waiting.length === 0) return;
    const pause = this.begunAt + this.gatherMs - performance.now();
    if (pause <= 0 || this.waiting.length >= BATCH_MAX) this.begin();
    else this.wait(Math.min(pause, QUIET_MS));
  }

  private wait(ms: number): void {
    if (this.timer !== undefined) return;
    const before = this.waiting.length;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.waiting.length === before) this.begin();
      else this.next();
    }, ms);
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.running >= AT_ONCE || this.waiting.length === 0) return;
    const batch = this.waiting.splice(0, BATCH_MAX);
    this.begunAt = performance.now();
    this.running += 1;
    void this.answer(batch).finally(() => {
      this.running -= 1;
      this.next();
    });
  }

  private async answer(batch: readonly Waiting<K, V>[]): Promise<void> {
    try {
      const values = await this.read(batch.map(({ key }) => key));
      if (values.length !== batch.length) throw new Error('There is not a value for each key');
      batch.forEach(({ resolve }, index) => resolve(values[index] as V));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
