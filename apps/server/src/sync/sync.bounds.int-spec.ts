import { LIMITS, type MessageView, type SyncReply } from '@parley/contracts';
import { isQuery } from '../../../../test/support/conversations-node.js';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import { recordStatements, type Statement } from '../../../../test/support/statements.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import { Epoch } from '../database/epoch.js';
import { SyncModule } from './sync.module.js';
import { SyncService } from './sync.service.js';

type Cursors = Record<string, number>;

let node: MessagesNode;
let ada: Actor, ben: Actor;

beforeAll(async () => {
  node = await startMessages({}, [SyncModule]);
});

beforeEach(async () => {
  [ada, ben] = (await node.people(2)) as [Actor, Actor];
});

afterAll(() => node.close());

const sync = (cursors: Cursors): Promise<SyncReply> =>
  node.get(SyncService).sync(ben, { epoch: node.get(Epoch).value, cursors });

/** So many groups with so many texts of ada's in each, straight into the database; the latest first. */
async function seed(count: number, each: number, body = 'Hello'): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  const sql = [
    `INSERT INTO conversations (id, kind, title, created_by) SELECT id, 'group', 'Team', $2 FROM unnest($1::uuid[]) AS id`,
    `INSERT INTO members (conversation_id, user_id, role, joined_seq, visible_from_seq)
     SELECT id, person, 'member', 0, 0 FROM unnest($1::uuid[]) AS id, unnest(ARRAY[$2, $3]::uuid[]) AS person`,
    `INSERT INTO conversation_heads (conversation_id, last_seq, member_version, last_message_at)
     SELECT id, $2, 1, now() - n * interval '1 second' FROM unnest($1::uuid[]) WITH ORDINALITY AS u (id, n)`,
    `INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, created_at)
     SELECT id, n, $2, gen_random_uuid(), 'text', $4, now() FROM unnest($1::uuid[]) AS id, generate_series(1, $3::integer) AS n`,
  ] as const;
  await node.dataSource.query(sql[0], [ids, ada.userId]);
  await node.dataSource.query(sql[1], [ids, ada.userId, ben.userId]);
  await node.dataSource.query(sql[2], [ids, each]);
  await node.dataSource.query(sql[3], [ids, ada.userId, each, body]);
  return ids;
}

const cursorsOf = (ids: readonly string[], seq: number): Cursors => Object.fromEntries(ids.map((id) => [id, seq]));

const bytesOf = (messages: readonly MessageView[]): number =>
  messages.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);

/** Asks again until there is no more, as a client does; every answer has to lead on. */
async function catchUp(start: Cursors): Promise<{ replies: SyncReply[]; messages: MessageView[]; cursors: Cursors }> {
  const replies: SyncReply[] = [];
  const messages: MessageView[] = [];
  const cursors = { ...start };
  for (;;) {
    const reply = await sync(cursors);
    replies.push(reply);
    if (reply.more) expect(reply.updates.length).toBeGreaterThan(0);
    for (const update of reply.updates) {
      const to = update.kind === 'delta' ? update.to : update.head;
      if (update.kind === 'delta') expect(to).toBeGreaterThan(update.from);
      cursors[update.conversationId] = to;
      messages.push(...update.messages);
    }
    if (!reply.more) return { replies, messages, cursors };
  }
}

const places = (messages: readonly MessageView[]): string[] =>
  messages.map(({ conversationId, seq }) => `${conversationId} ${seq}`).sort();

const allPlaces = (ids: readonly string[], from: number, to: number): string[] =>
  ids.flatMap((id) => Array.from({ length: to - from + 1 }, (_, index) => `${id} ${from + index}`)).sort();

describe('an answer is bounded, and asking again leads to the end', () => {
  it('by conversations', async () => {
    const ids = await seed(LIMITS.syncConversationsMax + 10, 2);
    const { replies, messages, cursors } = await catchUp(cursorsOf(ids, 1));
    expect(replies.map(({ updates }) => updates.length)).toEqual([LIMITS.syncConversationsMax, 10]);
    expect(replies.map(({ more }) => more)).toEqual([true, false]);
    expect(places(messages)).toEqual(allPlaces(ids, 2, 2));
    expect(cursors).toEqual(cursorsOf(ids, 2));
  });

  it('by messages, also in the middle of a conversation', async () => {
    const ids = await seed(7, 160);
    const { replies, messages, cursors } = await catchUp(cursorsOf(ids, 10));
    expect(replies.map(({ updates }) => updates.flatMap((update) => update.messages).length)).toEqual([500, 500, 50]);
    expect(replies[0]?.updates.at(-1)).toMatchObject({ kind: 'delta', from: 10, to: 60 });
    expect(places(messages)).toEqual(allPlaces(ids, 11, 160));
    expect(cursors).toEqual(cursorsOf(ids, 160));
  });

  it('by messages, when all of it are new starts', async () => {
    const ids = await seed(20, 300);
    const { replies, messages, cursors } = await catchUp(cursorsOf(ids, 10));
    expect(replies.map(({ updates }) => updates.length)).toEqual([16, 4]);
    expect(replies.flatMap(({ updates }) => updates)).toEqual(
      Array<unknown>(20).fill(expect.objectContaining({ kind: 'reset', head: 300, hasMoreBefore: true })),
    );
    expect(places(messages)).toEqual(allPlaces(ids, 271, 300));
    expect(cursors).toEqual(cursorsOf(ids, 300));
  });

  it('by bytes', async () => {
    const ids = await seed(2, 40, 'x'.repeat(16_000));
    const { replies, messages } = await catchUp(cursorsOf(ids, 0));
    for (const { updates } of replies) {
      expect(bytesOf(updates.flatMap((update) => update.messages))).toBeLessThanOrEqual(LIMITS.syncBytesMax);
    }
    expect(replies.length).toBeGreaterThan(4);
    expect(places(messages)).toEqual(allPlaces(ids, 1, 40));
  });

  it('by bytes, when a new start alone has too many: then it shows fewer messages', async () => {
    const [id = ''] = await seed(1, 300, 'x'.repeat(16_000));
    const { replies, messages, cursors } = await catchUp({ [id]: 1 });
    expect(replies).toHaveLength(1);
    expect(replies[0]?.updates).toMatchObject([{ kind: 'reset', head: 300, hasMoreBefore: true }]);
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.at(-1)?.seq).toBe(300);
    expect(bytesOf(messages)).toBeLessThanOrEqual(LIMITS.syncBytesMax);
    expect(cursors).toEqual({ [id]: 300 });
  });

  it('but for one message that is larger than an answer', async () => {
    const ids = await seed(2, 3);
    const [id] = ids;
    await node.dataSource.query(
      `INSERT INTO reactions (conversation_id, seq, user_id, emoji)
       SELECT $1, n, gen_random_uuid(), '👍' FROM generate_series(1, 2) AS n, generate_series(1, 8000)`,
      [id],
    );
    await node.dataSource.query('UPDATE messages SET changed_seq = 3 + seq WHERE conversation_id = $1 AND seq < 3', [
      id,
    ]);
    await node.dataSource.query('UPDATE conversation_heads SET last_seq = 5 WHERE conversation_id = $1', [id]);
    const { messages, cursors } = await catchUp(cursorsOf(ids, 2));
    expect(Math.max(...messages.map((message) => bytesOf([message])))).toBeGreaterThan(LIMITS.syncBytesMax);
    expect(places(messages)).toEqual([...allPlaces([id ?? ''], 1, 3), ...allPlaces(ids.slice(1), 3, 3)].sort());
    expect(cursors).toEqual({ [ids[0] ?? '']: 5, [ids[1] ?? '']: 3 });
  });
});

describe('an answer costs', () => {
  const queriesOf = async (cursors: Cursors): Promise<Statement[]> =>
    (await recordStatements(node.dataSource, () => sync(cursors))).filter(
      ({ sql }) => isQuery(sql) || sql.startsWith('SET LOCAL'),
    );

  /** Where few and many conversations stand after the same has happened in them. */
  async function queriesWith(count: number, { missed }: { missed: boolean }): Promise<Statement[]> {
    [ada, ben] = (await node.people(2)) as [Actor, Actor];
    const ids = await seed(count, 20);
    await node.dataSource.query('ANALYZE');
    const known = ids.slice(0, LIMITS.syncCursorsMax);
    const cursors = cursorsOf(known, 20);
    if (missed) for (const id of ids.slice(0, 2)) cursors[id] = 15;
    return queriesOf(cursors);
  }

  it.each([{ missed: false }, { missed: true }])(
    'as many queries with 1,000 conversations as with 3, when it is $missed that something was missed',
    async (happened) => {
      const few = await queriesWith(3, happened);
      const many = await queriesWith(1_000, happened);
      expect(many.map(({ sql }) => sql)).toEqual(few.map(({ sql }) => sql));
      expect(few.length).toBeLessThanOrEqual(10);
    },
    30_000,
  );
});
