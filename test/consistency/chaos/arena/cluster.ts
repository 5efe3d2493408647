import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../../../apps/server/src/database/embedded/embedded-postgres.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const MAX_CONNECTIONS = 300;

/** One PostgreSQL for many runs, each in a database of its own, for faults that leave the cluster as it is. */
export class Cluster {
  private constructor(
    private readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<Cluster> {
    const folder = temporaryFolder();
    const postgres = await EmbeddedPostgres.start({ dataDir: folder.path, maxConnections: MAX_CONNECTIONS });
    return new Cluster(postgres.url, async () => {
      await postgres.stop();
      folder.remove();
    });
  }

  /** The same on a PostgreSQL that runs anyway, and goes on. */
  static at(url: string): Cluster {
    return new Cluster(url, () => Promise.resolve());
  }

  stop(): Promise<void> {
    return this.end();
  }

  async createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
    const name = `parley_chaos_${randomBytes(6).toString('hex')}`;
    await withClient(this.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    const drop = async (): Promise<void> => {
      await withClient(this.url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    };
    return { url: url.href, drop };
  }
}

/** Runs statements on a connection of their own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'chaos' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The process of the PostgreSQL that a server keeps in its data folder. */
export function postmasterOf(dataDir: string): number {
  const [pid] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  return Number(pid);
}
