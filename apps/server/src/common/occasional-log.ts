import type { Logger } from '@nestjs/common';

/** Warns about something that may happen many times a second, without filling the log with it. */
export class OccasionalLog {
  private quietUntil = -Infinity;
  private swallowed = 0;

  constructor(
    private readonly logger: Logger,
    private readonly everyMs = 5_000,
  ) {}

  warn(message: string): void {
    const now = performance.now();
    if (now < this.quietUntil) {
      this.swallowed += 1;
      return;
    }
    this.logger.warn(this.swallowed === 0 ? message : `${message} (and ${this.swallowed} warnings before it)`);
    this.quietUntil = now + this.everyMs;
    this.swallowed = 0;
  }
}
