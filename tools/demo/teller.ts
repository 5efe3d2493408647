import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';

/**
 * Tells the story in the terminal, at a pace at which a person can read. `pace` 1 is that of a reader, 0 does not
 * wait at all.
 */
export class Teller {
  private chapters = 0;

  constructor(
    private readonly out: NodeJS.WritableStream & { isTTY?: boolean },
    private readonly pace: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Begins a new step. @throws AbortError when the story was stopped, as everything here that waits */
  async chapter(title: string): Promise<void> {
    await this.pause(2);
    this.chapters += 1;
    this.line('');
    this.line(this.style('bold', `${this.chapters}. ${title}`));
    await this.pause(1);
  }

  /** What somebody does or writes. */
  async does(who: string, what: string): Promise<void> {
    this.line(`   ${this.style('cyan', who.padEnd(7))} ${what}`);
    await this.pause(1);
  }

  /** What the server or another device makes of it. */
  async so(what: string): Promise<void> {
    this.line(this.style('dim', `           ↳ ${what}`));
    await this.pause(0.7);
  }

  line(text: string): void {
    this.out.write(`${text}\n`);
  }

  async pause(seconds: number): Promise<void> {
    this.signal.throwIfAborted();
    if (this.pace > 0) await delay(seconds * this.pace * 1_000, undefined, { signal: this.signal });
  }

  private style(format: 'bold' | 'cyan' | 'dim', text: string): string {
    return this.out.isTTY === true && process.env['NO_COLOR'] === undefined ? styleText(format, text) : text;
  }
}
