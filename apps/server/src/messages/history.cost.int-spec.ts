import { LIMITS, type HistoryQuery } from '@parley/contracts';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import { explain, recordStatements, type Statement } from '../../../../test/support/statements.js';
import type { Actor } from '../common/actor.js';

const LONG = 20_000;
const LIMIT = 20;

describe('the cost of a page of history', () => {
  let node: MessagesNode;
  let ada: Actor;
  let team: string;

  beforeAll(async () => {
    // One connection, to see what it keeps.
    node = await startMessages({ PARLEY_DATABASE_POOL: '1' });
    [ada] = (await node.people(1)) as [Actor];
    team = await node.group(ada);
    await node.dataSource.query(
      `WITH moved AS (UPDATE conversation_heads SET last_seq = $3::integer WHERE conversation_id = $1)
       INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, created_at)
       SELECT $1, n, $2, gen_random_uuid(), 'text', 'Hello', now() FROM generate_series(2, $3::integer) AS n`,
      [team, ada.userId, LONG],
    );
  });

  afterAll(() => node.close());

  const queries: [string, HistoryQuery][] = [
    ['the newest page', {}],
    ['a page deep down', { before: 5_000 }],
    ['the oldest page', { after: 0 }],
    ['a page around a message', { around: 10_000 }],
  ];

  async function statementsOf(read: () => Promise<unknown>): Promise<Statement[]> {
    const statements = await recordStatements(node.dataSource, read);
    return statements.filter(({ sql }) => !/\boutbox\b/.test(sql));
  }

  it.each(queries)('is one statement for %s, which reads what it shows and one more on each side', async (_, query) => {
    for (const known of [false, true]) {
      if (known) await node.dataSource.query('ANALYZE messages');
      const statements = await statementsOf(() => node.messages.history(ada, team, { ...query, limit: LIMIT }));
      expect(statements).toHaveLength(1);
      const steps = (await explain(node.dataSource, statements)).filter(({ table }) => table === 'messages');
      expect(new Set(steps.map(({ type }) => type))).toEqual(new Set(['Index Scan']));
      const read = steps.reduce((sum, { rows }) => sum + rows, 0);
      expect(read).toBeLessThanOrEqual(2 * (LIMIT + 1));
    }
  });

  it('is one statement for one message', async () => {
    expect(await statementsOf(() => node.messages.get(ada, team, 7))).toHaveLength(1);
  });

  it('does not include planning it again and again', async () => {
    const plans = async (): Promise<{ generic: number; custom: number } | undefined> => {
      const [counts]: { generic: number; custom: number }[] = await node.dataSource.query(
        `SELECT generic_plans AS generic, custom_plans AS custom FROM pg_prepared_statements WHERE name = 'messages_around'`,
      );
      return counts;
    };
    const limit = LIMITS.historyPageDefault;
    for (let turn = 0; turn < 10; turn += 1) await node.messages.history(ada, team, { before: LONG - turn, limit });
    const before = await plans();
    for (let turn = 0; turn < 10; turn += 1) await node.messages.history(ada, team, { before: 900 + turn, limit });
    const after = await plans();
    expect(after).toEqual({ generic: (before?.generic ?? 0) + 10, custom: before?.custom });
  });
});
