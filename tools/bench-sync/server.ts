import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
const READY_WITHIN_MS = 120_000;
const GONE_WITHIN_MS = 15_000;

/** The server under measurement, in a process of its own, as `npm start` starts it in production. */
export class BenchServer {
  private readonly exited: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.exited =
      child.exitCode === null ? new Promise((resolve) => child.once('exit', () => resolve())) : Promise.resolve();
  }

  static async start(databaseUrl: string): Promise<BenchServer> {
    const child = spawn(process.execPath, [START], {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: databaseUrl,
        PARLEY_FAN_OUT: 'local',
        PARLEY_JWT_SECRET: randomBytes(48).toString('base64url'),
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new BenchServer(child, await untilReady(child));
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), GONE_WITHIN_MS);
    await this.exited;
    clearTimeout(patience);
  }
}

/** Where the server says it is, once it serves. Its log is read on, so that it never waits for a reader. */
function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(why));
    };
    const patience = setTimeout(() => fail('the server did not become ready'), READY_WITHIN_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => fail('the server ended'));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, url] = /"page":"(http:[^"]*)\/"/.exec(line) ?? [];
      if (url === undefined) return;
      clearTimeout(patience);
      resolve(url);
    });
  });
}
