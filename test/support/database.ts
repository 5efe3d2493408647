import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The PostgreSQL that the run of the tests uses; `run-jest.ts` found or started it. */
export function serverUrl(): string {
  const url = process.env['PARLEY_TEST_SERVER_URL'];
  if (url === undefined) throw new Error('The tests run by `npm test`, which finds or starts a PostgreSQL');
  return url;
}

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of its own for one test file, with the newest schema unless `empty`. */
export async function createDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const name = `parley_test_${randomBytes(6).toString('hex')}`;
  const template = options.empty === true ? 'template0' : process.env['PARLEY_TEST_TEMPLATE'];
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

async function onServer(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
