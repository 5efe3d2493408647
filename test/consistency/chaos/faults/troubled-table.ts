import { setTimeout as pause } from 'node:timers/promises';
import { withClient } from '../arena/cluster.js';
import type { Fault } from './fault.js';

const REMOVE = 'DROP TRIGGER IF EXISTS chaos ON messages; DROP FUNCTION IF EXISTS chaos_trouble()';

/** A trigger on messages that runs before every write. */
const install = (work: string): string => `
  ${REMOVE};
  CREATE FUNCTION chaos_trouble() RETURNS trigger LANGUAGE plpgsql AS $chaos$ BEGIN ${work} RETURN NEW; END $chaos$;
  CREATE TRIGGER chaos BEFORE INSERT OR UPDATE ON messages FOR EACH STATEMENT EXECUTE FUNCTION chaos_trouble();`;

async function trouble(databaseUrl: string, work: string, ms: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(install(work));
    await pause(ms);
    await client.query(REMOVE);
  });
}

/**
 * NOTE: a disk that is really full needs a file system of one's own, which needs root. The server sees the same:
 * an error of the class 53100 in the middle of a write, and a transaction that is undone.
 */
export const diskFull: Fault = {
  name: 'disk-full',
  sentence:
    'PostgreSQL refuses writes with `disk_full` (SQLSTATE 53100, raised by a trigger), now and then and for a while',
  async inject({ arena, short }) {
    const raise = `RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';`;
    const url = await arena.databaseUrl();
    await trouble(url, `IF random() < 0.5 THEN ${raise} END IF;`, 1_000);
    await trouble(url, raise, short ? 1_500 : 8_000);
  },
};

export const statementTimeout: Fault = {
  name: 'statement-timeout',
  sentence: 'every write of a message takes longer than the server lets a statement take (5 s)',
  async inject({ arena, short }) {
    await trouble(await arena.databaseUrl(), 'PERFORM pg_sleep(30);', short ? 5_500 : 12_000);
  },
};
