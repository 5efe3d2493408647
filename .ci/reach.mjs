import { createClient } from '@redis/client';
import pg from 'pg';

/** Ends with 0 when the service at a URL can be used, and says what it is, or why it cannot: `reach.mjs URL`. */
const url = process.argv[2];
const WAIT_MS = 3_000;

try {
  process.stdout.write(url.startsWith('postgres') ? await askPostgres() : await askRedis());
} catch (error) {
  process.stdout.write(error.message || error.code || String(error));
  process.exitCode = 1;
}

async function askPostgres() {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: WAIT_MS });
  await client.connect();
  try {
    const { rows } = await client.query(
      "SELECT current_setting('server_version') AS version, rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user",
    );
    if (!rows[0].may) throw new Error('the user may not create databases');
    return `version ${rows[0].version}`;
  } finally {
    await client.end();
  }
}

async function askRedis() {
  const client = createClient({ url, socket: { connectTimeout: WAIT_MS, reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const [, version] = /redis_version:(\S+)/.exec(await client.info('server')) ?? [];
    return `version ${version}`;
  } finally {
    client.destroy();
  }
}
