import { withClient } from '../arena/cluster.js';

const DEFINITION = `SELECT pg_get_functiondef(oid) AS sql FROM pg_proc WHERE proname = 'append_messages'`;

/** Replaces parts of `append_messages` as this database has it; fails when a part is not there. */
export async function rewriteAppend(
  databaseUrl: string,
  changes: readonly (readonly [from: RegExp, to: string])[],
): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ sql: string }>(DEFINITION);
    let sql = rows[0]?.sql ?? '';
    for (const [from, to] of changes) {
      if (!from.test(sql)) throw new Error(`append_messages has nothing like ${from}`);
      sql = sql.replace(from, to);
    }
    await client.query(sql);
  });
}
