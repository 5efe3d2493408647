import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of its own, for tests of what happens when one dies. */
export class ChildProgram {
  readonly exited: Promise<Exit>;
  private readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private ended = false;

  /** Runs Node with these arguments, and with no other environment than the given one. */
  constructor(args: readonly string[], env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
    }
    const killAtExit = (): void => void this.child.kill('SIGKILL');
    process.once('exit', killAtExit);
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        process.off('exit', killAtExit);
        this.ended = true;
        resolve({ code, signal });
      });
    });
  }

  /** Runs a TypeScript program of `test/support/programs`; one without decorators. */
  static ofTypeScript(name: string, args: readonly string[]): ChildProgram {
    const file = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
    return new ChildProgram(['--import', 'tsx', '--conditions=@parley/source', '--no-warnings', file, ...args]);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Everything it has written so far. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** The first line, past or future, in which `find` finds something. */
  async line<T>(find: (line: string) => T | null | undefined, withinMs = 30_000): Promise<T> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      for (const line of this.lines) {
        const found = find(line);
        if (found !== null && found !== undefined) return found;
      }
      if (this.ended) throw new Error(`The program ended:\n${this.output}`);
      if (performance.now() > deadline) throw new Error(`The program did not say it in time:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Sends the signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }
}
