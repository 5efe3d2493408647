const WIDTH = 30;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 10_000;

/** Where progress is shown: standard error, so that the result alone is on standard output. */
export interface Screen {
  write(text: string): void;
  isTTY?: boolean;
}

/** A progress bar on a terminal; elsewhere a plain line now and then. */
export class Progress {
  private label = '';
  private total = 0;
  private done = 0;
  private startedAt = 0;
  private shownAt = 0;

  constructor(private readonly screen: Screen) {}

  begin(label: string, total: number): void {
    this.label = label;
    this.total = total;
    this.done = 0;
    this.startedAt = Date.now();
    this.shownAt = Date.now();
    if (this.screen.isTTY === true) this.show();
  }

  advance(): void {
    this.done += 1;
    const everyMs = this.screen.isTTY === true ? REDRAW_MS : LINE_EVERY_MS;
    if (Date.now() - this.shownAt >= everyMs) this.show();
  }

  end(): void {
    this.show();
    if (this.screen.isTTY === true) this.screen.write('\n');
    this.total = 0;
  }

  /** Says something in between. */
  say(text: string): void {
    this.screen.write(this.screen.isTTY === true ? `\r\u001B[K${text}\n` : `${text}\n`);
    if (this.screen.isTTY === true && this.total > 0) this.show();
  }

  private show(): void {
    this.shownAt = Date.now();
    const part = this.total === 0 ? 1 : this.done / this.total;
    const seconds = ((Date.now() - this.startedAt) / 1_000).toFixed(0);
    const counts = `${this.done}/${this.total}  ${Math.floor(part * 100)} %  ${seconds} s`;
    if (this.screen.isTTY !== true) {
      this.screen.write(`${this.label} ${counts}\n`);
      return;
    }
    const filled = Math.round(part * WIDTH);
    this.screen.write(
      `\r\u001B[K${this.label.padEnd(12)}[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${counts}`,
    );
  }
}
