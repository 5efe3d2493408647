import { LIMITS } from '@parley/contracts';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import { explain, recordStatements, type Statement } from '../../../../test/support/statements.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import { Epoch } from '../database/epoch.js';
import { BEGIN_SNAPSHOT } from '../database/snapshot.js';
import { SyncModule } from './sync.module.js';
import { SyncService } from './sync.service.js';

/** More than a delta spans and than a new start shows. */
const LONG = 250;
const VERY_LONG = 10_000;

let node: MessagesNode;
let ada: Actor, ben: Actor;
/** As many conversations as one may ask about, the latest first; three of them are far longer than the others. */
let veryLong: string[], long: string[];

beforeAll(async () => {
  node = await startMessages({}, [SyncModule]);
  [ada, ben] = (await node.people(2)) as [Actor, Actor];
  veryLong = await seed(3, VERY_LONG);
  long = await seed(LIMITS.syncCursorsMax - 3, LONG);
}, 60_000);

afterAll(() => node.close());

/** So many groups with so many texts of ada's in each, straight into the database, in statements of a second. */
async function seed(count: number, each: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  const atOnce = Math.max(1, Math.floor(VERY_LONG / each));
  for (let start = 0; start < count; start += atOnce) await seedSome(ids.slice(start, start + atOnce), start, each);
  return ids;
}

async function seedSome(ids: readonly string[], before: number, each: number): Promise<void> {
  await node.dataSource.query(
    `WITH c AS MATERIALIZED (SELECT id, place + $5::integer AS place FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, place)),
     conversation AS (INSERT INTO conversations (id, kind, title, created_by) SELECT id, 'group', 'Team', $2::uuid FROM c),
     head AS (INSERT INTO conversation_heads (conversation_id, last_seq, last_message_at)
       SELECT id, $4::integer, now() - place * interval '1 hour' / $4::integer FROM c),
     member AS (INSERT INTO members (conversation_id, user_id, role, joined_seq, visible_from_seq)
       SELECT id, person, 'member', 1, 1 FROM c, unnest(ARRAY[$2::uuid, $3::uuid]) AS person)
     INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, created_at)
     SELECT id, n, $2::uuid, gen_random_uuid(), 'text', 'Hello', now() FROM c, generate_series(1, $4::integer) AS n`,
    [ids, ada.userId, ben.userId, each, before],
  );
}

/** All that it takes, from BEGIN to COMMIT, when ben is so far behind in these conversations and nowhere else. */
async function statementsOf(behind: readonly string[], by: number): Promise<Statement[]> {
  const heads = [...veryLong.map((id) => [id, VERY_LONG] as const), ...long.map((id) => [id, LONG] as const)];
  const known = heads.map(([id, head]) => [id, behind.includes(id) ? head - by : head] as const);
  const first = known.filter(([id]) => behind.includes(id));
  const cursors = Object.fromEntries([...first, ...known].slice(0, LIMITS.syncCursorsMax));
  const ask = () => node.get(SyncService).sync(ben, { epoch: node.get(Epoch).value, cursors });
  return (await recordStatements(node.dataSource, ask)).filter(({ sql }) => !/\boutbox\b/.test(sql));
}

const sqlOf = async (...asked: Parameters<typeof statementsOf>): Promise<string[]> =>
  (await statementsOf(...asked)).map(({ sql }) => sql);

describe('the cost of sync', () => {
  it('is the same statements whether one conversation was missed or more than an answer holds', async () => {
    const one = await sqlOf(veryLong.slice(0, 1), 1);
    expect(await sqlOf([...veryLong, ...long.slice(0, 100)], LIMITS.syncDeltaMax)).toEqual(one);
    expect([one[0], one.at(-1)]).toEqual([BEGIN_SNAPSHOT, 'COMMIT']);
  });

  it('is one more look for all of what was missed that is not on the first page of the list', async () => {
    const one = await sqlOf(long.slice(400, 401), 5);
    expect(await sqlOf(long.slice(400, 400 + LIMITS.syncConversationsMax), 5)).toEqual(one);
    expect(one.length).toBeLessThanOrEqual(15);
  });

  it.each(['before the planner knows the tables', 'once it knows them'])(
    'is no more of a long conversation than is told, %s',
    async (when) => {
      if (when === 'once it knows them') await node.dataSource.query('ANALYZE');
      const asks = [
        [veryLong, 20, 20],
        [[...veryLong, ...long.slice(0, 100)], LIMITS.syncDeltaMax, LIMITS.syncDeltaMax],
        [[...veryLong, ...long.slice(0, 100)], LIMITS.syncDeltaMax + 1, LIMITS.syncResetMessages + 1],
      ] as const;
      for (const [behind, by, most] of asks) {
        const deltas = (await statementsOf(behind, by)).filter(({ sql }) => /SET LOCAL|WITH asked/.test(sql));
        const read = (await explain(node.dataSource, deltas)).filter(({ table }) => table === 'messages');
        expect(read.length).toBeGreaterThan(2);
        expect(read.map(({ type }) => type)).not.toContain('Seq Scan');
        for (const { rows } of read) expect(rows).toBeLessThanOrEqual(most);
      }
    },
  );
});
