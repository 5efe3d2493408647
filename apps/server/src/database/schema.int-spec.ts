import { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';

interface Named {
  table: string;
  name: string;
  columns: string[];
}

const SUFFIXES: Record<string, string> = { p: 'pk', f: 'fk', u: 'uq', c: 'chk', x: 'ex' };

describe('the schema', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('names every constraint <table>_<columns>_{pk,fk,uq,chk}', async () => {
    const { rows } = await client.query<Named & { type: string }>(
      `SELECT t.relname AS "table", c.conname AS name, c.contype AS type,
              ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k (number, ord)
                      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
                     ORDER BY k.ord) AS columns
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.connamespace = 'public'::regnamespace AND c.contype <> 'n'`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { table, name, columns, type } of rows) {
      const suffix = SUFFIXES[type] ?? type;
      // The columns of a check have no order of their own.
      const orders = type === 'c' ? permutations(columns) : [columns];
      expect(orders.map((order) => `${table}_${order.join('_')}_${suffix}`)).toContain(name);
    }
  });

  it('names every other index <table>_<columns>_idx', async () => {
    const { rows } = await client.query<Named>(
      `SELECT t.relname AS "table", i.relname AS name,
              ARRAY(SELECT pg_get_indexdef(x.indexrelid, k, false) FROM generate_series(1, x.indnkeyatts) AS k) AS columns
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE t.relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid AND c.contype IN ('p', 'u'))`,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { table, name, columns } of rows) expect(name).toBe(`${table}_${columns.join('_')}_idx`);
  });

  it('gathers statistics of everything but the texts of messages and their digests, by which nothing is planned', async () => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT a.attrelid::regclass || '.' || a.attname AS name
         FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
        WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND a.attstattarget = 0
        ORDER BY 1`,
    );
    expect(rows).toEqual([{ name: 'messages.body' }, { name: 'messages.sent_digest' }]);
  });

  it('says of every index which query it is for', async () => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE t.relnamespace = 'public'::regnamespace
          AND coalesce(obj_description(i.oid, 'pg_class'), '') = ''`,
    );
    expect(rows).toEqual([]);
  });

  it('begins every key of a conversation table with the conversation', async () => {
    const { rows } = await client.query<{ name: string; first: string }>(
      `SELECT c.conname AS name, a.attname AS first
         FROM pg_constraint c
         JOIN pg_class t ON t.oid = c.conrelid
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype IN ('p', 'u') AND t.relname IN ('conversation_heads', 'messages', 'reactions', 'members')`,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(row).toEqual({ ...row, first: 'conversation_id' });
  });
});

function permutations(items: readonly string[]): string[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
