import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { findRunning } from '../../../apps/server/src/database/embedded/embedded-postgres.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { makeAccessToken } from '../people/access-tokens.js';
import type { Person, Population } from '../people/population.js';
import { seedPopulation } from '../people/seeding.js';
import type { SocketAddress } from '../wire/light-socket.js';
import { endOrphan } from './orphans.js';
import type { ChatSystem, ServerOptions } from './chat-system.js';
import { onPort, ServerProcess, TELL_MEMORY, type Memory } from './server-process.js';

const ENTRY = fileURLToPath(new URL('../../../apps/server/dist/main.js', import.meta.url));
/** One for the whole run, so that a token is good before and after a restart. */
const SECRET = randomBytes(48).toString('base64url');

/** A folder for Parley's data, which goes on from one server to the next. */
export type DataFolder = ReturnType<typeof temporaryFolder>;

export interface ParleyOptions extends ServerOptions {
  /** Where its data is; a folder of its own, removed at the end, unless given. */
  folder?: DataFolder;
}

/**
 * Parley as it runs in production: the build, with its embedded PostgreSQL and every check switched on.
 * Only the limits per person are off, because fifty people would reach them long before the server its own.
 */
export class Parley implements ChatSystem {
  readonly name = 'parley';

  private constructor(
    private readonly process: ServerProcess,
    private readonly folder: DataFolder,
    private readonly ownsFolder: boolean,
    readonly address: SocketAddress,
  ) {}

  static async start(options: ParleyOptions = {}): Promise<Parley> {
    return onPort(options.port, (port) => Parley.startOn(port, options));
  }

  private static async startOn(port: number, { folder, tellsMemory = false }: ParleyOptions): Promise<Parley> {
    const dataFolder = folder ?? temporaryFolder();
    const process = new ServerProcess([...(tellsMemory ? TELL_MEMORY : []), ENTRY], {
      NODE_ENV: 'production',
      PORT: String(port),
      PARLEY_DATA_DIR: dataFolder.path,
      PARLEY_JWT_SECRET: SECRET,
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_LOG_LEVEL: 'warn',
    });
    const parley = new Parley(process, dataFolder, folder === undefined, { port, readyMark: '42["ready"' });
    try {
      await process.ready(`http://127.0.0.1:${port}/health/ready`);
      return parley;
    } catch (error) {
      await parley.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.process.pid;
  }

  get output(): string {
    return this.process.output;
  }

  async admit(population: Population): Promise<void> {
    await this.withDatabase((client) => seedPopulation(client, population));
  }

  tokenOf(person: Person): string {
    return makeAccessToken(person, SECRET);
  }

  credentialsOf(person: Person): string {
    return JSON.stringify({ token: this.tokenOf(person) });
  }

  /** Which history of the database this is: cursors of another one mean nothing. */
  async epoch(): Promise<string> {
    const { rows } = await this.withDatabase((client) => client.query<{ epoch: string }>('SELECT epoch FROM meta'));
    return rows[0]?.epoch ?? '';
  }

  /** The address of its PostgreSQL. */
  databaseUrl(): Promise<string> {
    return findRunning(this.folder.path);
  }

  /** One connection to its database for as long as `work` takes. */
  async withDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: await this.databaseUrl() });
    // Whoever uses a connection that broke learns of it; without a listener the process would end here.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  memory(): Promise<Memory> {
    return this.process.memory();
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await endOrphan(this.folder.path);
    if (this.ownsFolder) this.folder.remove();
  }

  /** As if the power of the process were cut. Its PostgreSQL goes on, until the next start replaces it. */
  async kill(): Promise<void> {
    await this.process.kill();
  }
}
