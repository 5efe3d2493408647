import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database for this run alone. */
export interface OwnDatabase {
  url: string;
  drop(): Promise<void>;
}

export async function createDatabase(serverUrl: string): Promise<OwnDatabase> {
  const name = `parley_bench_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await withClient(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** One connection for as long as `work` takes. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // Whoever uses a connection that broke learns of it; without a listener the process would end here.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
