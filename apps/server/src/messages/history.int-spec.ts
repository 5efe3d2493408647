import { LIMITS, type HistoryQuery, type MessagePage, type MessageView } from '@parley/contracts';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';

describe('pages of history with large messages', () => {
  const COUNT = 45;
  /** Large ones, and a small one here and there, so that pages differ in length. */
  const bodyOf = (at: number): string => (at % 7 === 0 ? 'Tea?' : '😀'.repeat(LIMITS.bodyMaxCharacters));

  let node: MessagesNode;
  let ada: Actor;
  let team: string;
  let all: number[];

  beforeAll(async () => {
    node = await startMessages();
    [ada] = (await node.people(1)) as [Actor];
    team = await node.group(ada);
    for (let at = 0; at < COUNT; at += 1) await node.say(ada, team, bodyOf(at));
    // A change takes a number as well, so the numbers have gaps.
    await node.changes.addReaction(ada, team, 10, '👍');
    await node.say(ada, team, bodyOf(1));
    all = [...Array.from({ length: COUNT + 1 }, (_, at) => at + 1), COUNT + 3];
  });

  afterAll(() => node.close());

  const seqs = (items: readonly MessageView[]): number[] => items.map(({ seq }) => seq);

  async function read(query: HistoryQuery): Promise<MessagePage> {
    const page = await node.messages.history(ada, team, { limit: LIMITS.historyPageMax, ...query });
    const bytes = page.items.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);
    expect(bytes).toBeLessThanOrEqual(LIMITS.historyPageMaxBytes);
    expect(page.items).not.toEqual([]);
    return page;
  }

  async function readOlder(from: number | null): Promise<number[]> {
    const found: number[] = [];
    for (let before = from; before !== null;) {
      const page = await read({ before });
      found.unshift(...seqs(page.items));
      before = page.before;
    }
    return found;
  }

  async function readNewer(from: number | null): Promise<number[]> {
    const found: number[] = [];
    for (let after = from; after !== null;) {
      const page = await read({ after });
      found.push(...seqs(page.items));
      after = page.after;
    }
    return found;
  }

  it('lead through all of it from the newest to the oldest', async () => {
    const newest = await read({});
    expect(newest.items.length).toBeLessThan(all.length);
    expect([...(await readOlder(newest.before)), ...seqs(newest.items)]).toEqual(all);
  });

  it('lead through all of it from the oldest to the newest', async () => {
    expect(await readNewer(0)).toEqual(all);
  });

  it.each([1, 8, 23, 44, 46, 47, 48])('lead through all of it from the surroundings of %i', async (around) => {
    const page = await read({ around });
    const shown = seqs(page.items);
    if (all.includes(around)) expect(shown).toContain(around);
    expect([...(await readOlder(page.before)), ...shown, ...(await readNewer(page.after))]).toEqual(all);
  });

  it('hold a message that is too large for a page of its own', async () => {
    await node.dataSource.query(
      `INSERT INTO reactions (conversation_id, seq, user_id, emoji)
       SELECT $1, 10, gen_random_uuid(), '👍' FROM generate_series(1, 8000)`,
      [team],
    );
    const before = await node.messages.history(ada, team, { before: 11, limit: 5 });
    expect([seqs(before.items), before.before]).toEqual([[10], 10]);
    const around = await node.messages.history(ada, team, { around: 10, limit: 5 });
    expect([seqs(around.items), around.before, around.after]).toEqual([[10], 10, 10]);
    const after = await node.messages.history(ada, team, { after: 9, limit: 5 });
    expect([seqs(after.items), after.after]).toEqual([[10], 10]);
  });
});

describe('a message in a page of history', () => {
  let node: MessagesNode;
  let ada: Actor, ben: Actor;
  let team: string;

  beforeAll(async () => {
    node = await startMessages();
    [ada, ben] = (await node.people(2)) as [Actor, Actor];
    team = await node.group(ada, ben);
    await node.say(ada, team, 'Plain');
    const edited = await node.say(ada, team, 'Edited');
    await node.say(ben, team, '@all an answer', edited.seq);
    await node.changes.edit(ada, team, edited.seq, { body: 'Edited now', version: 1 });
    const deleted = await node.say(ada, team, 'Deleted');
    await node.changes.delete(ada, team, deleted.seq, {});
    const liked = await node.say(ada, team, 'Liked');
    for (const person of [ada, ben]) await node.changes.addReaction(person, team, liked.seq, '👍');
  });

  afterAll(() => node.close());

  it('is what everybody was told of it', async () => {
    const { items } = await node.messages.history(ada, team, {});
    const told = await node.access.loadChanges(team, 0, await node.lastSeq(team));
    const latest = new Map<number, MessageView>();
    for (const { payload } of told.flat()) if ('message' in payload) latest.set(payload.message.seq, payload.message);
    expect(items).toHaveLength(6);
    expect(items).toEqual([...latest.values()].sort((a, b) => a.seq - b.seq));
  });

  it('is the same when it is read alone', async () => {
    const { items } = await node.messages.history(ada, team, {});
    for (const item of items) expect(await node.messages.get(ada, team, item.seq)).toEqual(item);
  });

  it('is not found by a number that a change took, nor beyond the last one', async () => {
    const { items } = await node.messages.history(ada, team, {});
    const last = await node.lastSeq(team);
    const free = Array.from({ length: last + 2 }, (_, seq) => seq).filter((seq) => !items.some((i) => i.seq === seq));
    expect(free.length).toBeGreaterThan(4);
    for (const seq of free) {
      await expect(node.messages.get(ada, team, seq)).rejects.toMatchObject({ code: 'message_not_found' });
    }
  });

  it('is nowhere in a conversation in which nothing was said', async () => {
    const direct = await node.direct(ada, ben);
    for (const query of [{}, { before: 5 }, { after: 0 }, { around: 3 }]) {
      expect(await node.messages.history(ada, direct, query)).toEqual({ items: [], before: null, after: null });
    }
  });
});
