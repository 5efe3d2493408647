export interface RepeatingOptions {
  everyMs: number;
  /** The pause after a failure. */
  retryMs: number;
  work: () => Promise<void>;
  failed: (error: unknown) => void;
}

/** Does something again and again, never twice at the same time. */
export class Repeating {
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: RepeatingOptions) {}

  /** Begins with a turn at once. */
  start(): void {
    this.next(0);
  }

  /** Waits for the turn that is under way; there is none after it. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.turn;
  }

  private next(pauseMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.turn = this.takeTurn();
    }, pauseMs).unref();
  }

  private async takeTurn(): Promise<void> {
    const { everyMs, retryMs, work, failed } = this.options;
    try {
      await work();
      this.next(everyMs);
    } catch (error) {
      failed(error);
      this.next(retryMs);
    }
  }
}
