import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';

/** Asked so often, and the statements shared among them: what the server does beside them is far rarer. */
const REPEATS = 40;
/** PostgreSQL reads its settings anew, and writes the last lines of its log, within this time. */
const SETTLED_MS = 300;
const STATEMENT = /LOG: {2}(statement|execute [^:]*): /g;

/** How many SQL statements one such request takes, by the log of the embedded PostgreSQL. */
export async function countStatements(
  client: Client,
  dataDir: string,
  ask: (turn: number) => Promise<unknown>,
): Promise<number> {
  const file = join(dataDir, 'postgres.log');
  await logStatements(client, 'all');
  try {
    const begin = statSync(file).size;
    for (let turn = 0; turn < REPEATS; turn += 1) await ask(turn);
    await delay(SETTLED_MS);
    const written = readFileSync(file).subarray(begin).toString('utf8');
    return Math.round((written.match(STATEMENT) ?? []).length / REPEATS);
  } finally {
    await logStatements(client, 'none');
  }
}

async function logStatements(client: Client, which: 'all' | 'none'): Promise<void> {
  await client.query(`ALTER SYSTEM SET log_statement = '${which}'`);
  await client.query('SELECT pg_reload_conf()');
  await delay(SETTLED_MS);
}
