import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { openCluster, readPassword, ROLE } from './cluster.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { Postmaster, stopOrphan } from './postmaster.js';
import { choosePostgresUser } from './unprivileged-user.js';

const HOST = '127.0.0.1';
/** What a running PostgreSQL writes down about itself, a line for each thing. */
const PID_FILE = 'postmaster.pid';
const PORT_LINE = 3;
/**
 * What passes: somebody took the port between its choice and its use, or something of a PostgreSQL
 * that was killed is still there.
 */
const PASSING = /could not create any TCP\/IP sockets|lock file .* already exists|shared memory block .* still in use/;
const PASSES_WITHIN_MS = 20_000;
const RESTART_PAUSE_MIN_MS = 100;
const RESTART_PAUSE_MAX_MS = 5_000;

const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  // An acknowledged message is on the disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Compiling a plan never pays for queries as short as these.
  jit: 'off',
  timezone: 'UTC',
  // The log tells PostgreSQL's own life: no statements, no values of rows.
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
} as const;

export interface EmbeddedPostgresOptions {
  /** PostgreSQL lives in its subfolder `postgres`, its log in `postgres.log`. */
  readonly dataDir: string;
  readonly maxConnections: number;
}

/**
 * The PostgreSQL that a server brings along: one real PostgreSQL 18 in the data folder, on a free
 * port of this machine, with a password that only the owner of the folder can read.
 *
 * Guarantee: what PostgreSQL has committed survives the death of this process and of PostgreSQL, and
 * a PostgreSQL that dies is started again on the same port. Accepted: when this process is killed,
 * PostgreSQL runs on alone until the next start, which stops and replaces it. Whoever starts it must
 * hold the folder's {@link DataFolderLock}. Covered by `embedded-postgres.int-spec.ts`.
 */
export class EmbeddedPostgres {
  private readonly logger = new Logger('PostgreSQL');
  private readonly stopping = new AbortController();
  private readonly supervision: Promise<void>;

  private constructor(
    readonly url: string,
    private postmaster: Postmaster,
    private readonly launch: () => Promise<Postmaster>,
  ) {
    this.supervision = this.supervise();
  }

  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const dataDir = realpathSync(options.dataDir);
    const binaries = findPostgresBinaries();
    const user = choosePostgresUser(join(dataDir, 'postgres'), binaries);
    const cluster = await openCluster(dataDir, binaries, user);
    const { directory, password } = cluster;
    const logFile = join(dataDir, 'postgres.log');
    const settings = { ...SETTINGS, max_connections: options.maxConnections };
    const launch = async (port: number): Promise<Postmaster> => {
      await stopOrphan(directory, binaries);
      return new Postmaster({ directory, logFile, port, settings }, binaries, user);
    };
    const { postmaster, port } = await launchOnFreePort(launch);
    return new EmbeddedPostgres(`postgres://${ROLE}:${password}@${HOST}:${port}/postgres`, postmaster, () =>
      launch(port),
    );
  }

  /** Ends all connections and stops PostgreSQL. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.postmaster.stop();
    await this.supervision;
  }

  /** Starts PostgreSQL again when it dies. The server's pools connect anew by themselves. */
  private async supervise(): Promise<void> {
    let pause = RESTART_PAUSE_MIN_MS;
    for (;;) {
      await this.postmaster.exited;
      if (this.isStopping()) return;
      this.logger.error('PostgreSQL ended unexpectedly and is started again');
      await delay(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.isStopping()) return;
      pause = (await this.restart()) ? RESTART_PAUSE_MIN_MS : Math.min(2 * pause, RESTART_PAUSE_MAX_MS);
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async restart(): Promise<boolean> {
    try {
      this.postmaster = await this.launch();
      if (this.isStopping()) await this.postmaster.stop();
      await this.postmaster.ready();
      this.logger.warn('PostgreSQL is back');
      return true;
    } catch (error) {
      if (!this.isStopping()) this.logger.error(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}

/** The address of the one that another process has running in this data folder. */
export async function findRunning(dataDir: string): Promise<string> {
  const directory = join(dataDir, 'postgres');
  const [password, state] = await Promise.all([readPassword(directory), readFile(join(directory, PID_FILE), 'utf8')]);
  const port = state.split('\n')[PORT_LINE];
  return `postgres://${ROLE}:${password}@${HOST}:${port}/postgres`;
}

async function launchOnFreePort(
  launch: (port: number) => Promise<Postmaster>,
): Promise<{ postmaster: Postmaster; port: number }> {
  const deadline = performance.now() + PASSES_WITHIN_MS;
  for (;;) {
    const port = await freePort();
    const postmaster = await launch(port);
    try {
      await postmaster.ready();
      return { postmaster, port };
    } catch (error) {
      if (!(error instanceof Error) || !PASSING.test(error.message) || performance.now() > deadline) throw error;
      await delay(RESTART_PAUSE_MIN_MS);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
