import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { onServerCore } from './pinning.js';

const READY_WITHIN_MS = 180_000;
const POLL_MS = 10;
const GONE_WITHIN_MS = 20_000;
const LINES_KEPT = 40;
const ANSWERS_WITHIN_MS = 30_000;

const REPORT_MEMORY = new URL('../peers/report-memory.mjs', import.meta.url).href;
/** Arguments of Node with which a server tells its memory. */
export const TELL_MEMORY = ['--expose-gc', '--import', REPORT_MEMORY];

/** What a process holds after everything that is garbage has been collected. */
export interface Memory {
  rssBytes: number;
  heapBytes: number;
}

/** A Node.js process on the servers' core. What it says is kept, for when it ends before it should. */
export class ServerProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly lines: string[] = [];
  private ended = false;
  private onMemory: ((memory: Memory) => void) | null = null;
  // Asked to stop in order, because a server that is killed leaves its PostgreSQL running.
  private readonly stopAtExit = (): void => void this.child.kill('SIGTERM');

  /** Runs Node with these arguments, and with no other environment than the given one. */
  constructor(args: readonly string[], env: Record<string, string>) {
    const { file, args: all } = onServerCore(process.execPath, args);
    this.child = spawn(file, all, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.keep(line));
    }
    process.once('exit', this.stopAtExit);
    this.exited = new Promise((resolve) => {
      const end = (): void => {
        this.ended = true;
        process.off('exit', this.stopAtExit);
        resolve();
      };
      this.child.once('close', end).once('error', end);
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The last lines that it wrote. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** Resolves when this address answers with 200. */
  async ready(url: string): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await answers(url))) {
      if (this.ended) throw new Error(`The server ended before it was ready:\n${this.output}`);
      if (performance.now() > deadline) throw new Error(`The server did not get ready:\n${this.output}`);
      await delay(POLL_MS);
    }
  }

  /** Resolves with the last line when the program is done. */
  async done(): Promise<string> {
    await this.exited;
    return this.lines.at(-1) ?? '';
  }

  /**
   * How much memory it uses; only when it was started with {@link TELL_MEMORY}.
   * @throws Error when it ended, or is too far behind to answer
   */
  memory(): Promise<Memory> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`The server does not tell its memory:\n${this.output}`));
      const patience = setTimeout(fail, ANSWERS_WITHIN_MS);
      void this.exited.then(fail);
      this.onMemory = (memory) => {
        clearTimeout(patience);
        resolve(memory);
      };
      this.child.kill('SIGUSR2');
    });
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), GONE_WITHIN_MS);
    await this.exited;
    clearTimeout(patience);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private keep(line: string): void {
    const [, rss, heap] = /^memory (\d+) (\d+)$/.exec(line) ?? [];
    if (rss !== undefined) {
      this.onMemory?.({ rssBytes: Number(rss), heapBytes: Number(heap) });
      return;
    }
    this.lines.push(line);
    if (this.lines.length > LINES_KEPT) this.lines.shift();
  }
}

const TRIES = 3;
/** What a server says that finds its port taken. */
const TAKEN = /EADDRINUSE/;

/**
 * Starts a server on the given port, or on one that is free. Between finding and taking it, somebody else may
 * (PostgreSQL, for one, which looks for a port at the same time); then on another one.
 */
export async function onPort<T>(given: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(given ?? (await freePort()));
    } catch (error) {
      const taken = error instanceof Error && TAKEN.test(error.message);
      if (!taken || given !== undefined || attempt === TRIES) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' } });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
