import { Logger } from '@nestjs/common';
import { StartupError } from './common/startup-error.js';
import { SettingsError } from './config/env.js';

/** Orchestrators kill after 10 s, so the process has ended by itself before that. */
const END_WITHIN_MS = 9_500;

/** npm passes on a Ctrl-C that the terminal has sent to everybody already: that is one, not two. */
const ONE_PRESS_MS = 500;

/**
 * When and how this process ends. What has to be closed is handed in with {@link onEnd}, in the order
 * in which it was opened, and is closed in the opposite order.
 *
 * SIGTERM and SIGINT end it in order, also in the middle of its start: exit code 0, within 10 s even
 * if something hangs. A second signal ends it at once. An error that nobody caught is a bug that may
 * have left anything half done: the process logs it and ends in the same order with code 1, so that
 * whoever runs it starts a fresh one.
 */
export class ProcessLifetime {
  private readonly logger = new Logger('Parley');
  private readonly closers: (() => Promise<unknown>)[] = [];
  private readonly ending = new AbortController();
  private interruptedAt = 0;
  private starting: Promise<void> = Promise.resolve();

  /** Registers what has to be done before the process ends. */
  onEnd(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /**
   * Runs `start` and takes care of the end from then on. `start` is handed a signal, which it checks
   * after each of its steps: it is aborted when the process is to end in the meantime.
   */
  begin(start: (ending: AbortSignal) => Promise<void>): void {
    this.watch();
    const { signal } = this.ending;
    this.starting = start(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      process.stderr.write(`${describe(error)}\n`);
      this.end(1);
    });
  }

  private watch(): void {
    const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
    // A terminal sends SIGHUP when it closes. Without one (nohup) it must stay ignored.
    if (process.stdout.isTTY) signals.push('SIGHUP');
    for (const signal of signals) process.on(signal, () => this.interrupt(signal));
    process.on('uncaughtException', (error) => this.fail(error));
    process.on('unhandledRejection', (reason) => this.fail(reason));
    // That nobody reads the output any more is no reason to stop serving.
    for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  }

  private interrupt(signal: NodeJS.Signals): void {
    if (this.ending.signal.aborted) {
      if (performance.now() - this.interruptedAt > ONE_PRESS_MS) process.exit(1);
      return;
    }
    this.interruptedAt = performance.now();
    this.logger.log(`${signal}: stopping`);
    this.end(0);
  }

  private fail(error: unknown): void {
    this.logger.fatal('An error that nobody caught', error);
    this.end(1);
  }

  private end(code: 0 | 1): void {
    if (this.ending.signal.aborted) return;
    this.ending.abort();
    setTimeout(() => {
      this.logger.error('Not everything could be closed in time');
      process.exit(code);
    }, END_WITHIN_MS);
    void this.close().then(() => process.exit(code));
  }

  private async close(): Promise<void> {
    await this.starting;
    for (const close of this.closers.reverse()) {
      await close().catch((error: unknown) => this.logger.error('Closing failed', error));
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof StartupError || error instanceof SettingsError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
