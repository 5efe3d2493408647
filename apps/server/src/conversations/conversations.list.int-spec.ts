import type { ConversationView } from '@parley/contracts';
import { codeOf, startConversations, type ConversationsNode } from '../../../../test/support/conversations-node.js';
import { explain } from '../../../../test/support/statements.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';

let node: ConversationsNode;
let ada: Actor, ben: Actor, cleo: Actor;

beforeAll(async () => {
  node = await startConversations();
});

beforeEach(async () => {
  [ada, ben, cleo] = (await node.people(3)) as [Actor, Actor, Actor];
});

afterAll(() => node.close());

async function group(owner: Actor, ...others: Actor[]): Promise<ConversationView> {
  const memberIds = others.map((person) => person.userId);
  return (await node.conversations.create(owner, { kind: 'group', title: 'Team', memberIds })).conversation;
}

const direct = (one: Actor, other: Actor) =>
  node.conversations.create(one, { kind: 'direct', memberIds: [other.userId] });

describe('the list of conversations', () => {
  it('shows the latest activity first and pages without repeating, also while things happen', async () => {
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.unshift((await group(ada, ben)).id);

    const first = await node.conversations.list(ada, { limit: 3 });
    expect(first.items.map(({ conversation }) => conversation.id)).toEqual(made.slice(0, 3));
    // One that was shown moves up, one that would come next is left.
    await node.say(ben, made[1] ?? '');
    await node.members.remove(ada, made[3] ?? '', ben.userId);
    await node.members.remove(ada, made[3] ?? '', ada.userId);
    const second = await node.conversations.list(ada, { limit: 3, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ conversation }) => conversation.id)).toEqual(made.slice(4, 7));
    expect(second.nextCursor).toBeNull();

    const again = await node.conversations.list(ada, {});
    expect(again.items[0]?.conversation.id).toBe(made[1]);
  });

  it('keeps apart what happened within one millisecond', async () => {
    const made = [(await group(ada)).id, (await group(ada)).id, (await group(ada)).id];
    for (const [index, id] of made.entries()) {
      await node.dataSource.query(
        `UPDATE conversation_heads SET last_message_at = timestamptz '2026-01-01 00:00:00.000100+00' + $2 * interval '1 microsecond'
          WHERE conversation_id = $1`,
        [id, Math.floor(index / 2)],
      );
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await node.conversations.list(ada, { limit: 1, cursor });
      seen.push(...page.items.map(({ conversation }) => conversation.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    // The third is the latest; the first two are at one instant, so the higher id comes first.
    expect(seen).toEqual([made[2], ...made.slice(0, 2).sort().reverse()]);
  });

  it('refuses a cursor that it did not give out', async () => {
    const forge = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    for (const cursor of ['x', forge('1'), forge('soon', newId()), forge('1', 'x'), forge('-1', newId())]) {
      expect(await codeOf(node.conversations.list(ada, { cursor }))).toBe('validation_failed');
    }
    expect(await codeOf(node.conversations.list(ada, { cursor: forge('9999999999999999', newId()) }))).toBe('done');
  });

  it('counts what others wrote after one’s read position, and shows the last message', async () => {
    const team = await group(ada, ben);
    await node.say(ben, team.id, 3);
    await node.say(ada, team.id, 2);
    await node.say(ben, team.id);
    await node.dataSource.query(
      'UPDATE messages SET deleted_at = now(), body = NULL WHERE conversation_id = $1 AND seq = 2',
      [team.id],
    );
    for (const seq of [2, 3, 7]) {
      await node.dataSource.query('INSERT INTO mentions (user_id, conversation_id, seq) VALUES ($1, $2, $3)', [
        ada.userId,
        team.id,
        seq,
      ]);
    }
    const summaryOf = async (person: Actor) => (await node.conversations.list(person, {})).items[0];
    expect(await summaryOf(ada)).toMatchObject({
      conversation: { id: team.id },
      role: 'owner',
      lastSeq: 7,
      visibleFromSeq: 1,
      readSeq: 1,
      unread: 3,
      mentions: 2,
      lastMessage: { seq: 7, senderId: ben.userId, body: 'Hello' },
    });
    expect(await summaryOf(ben)).toMatchObject({ role: 'member', unread: 2, mentions: 0 });
    await node.dataSource.query('UPDATE members SET read_seq = 6 WHERE user_id = $1', [ada.userId]);
    expect(await summaryOf(ada)).toMatchObject({ readSeq: 6, unread: 1, mentions: 1 });
  });

  it('stops counting at 100', async () => {
    const { conversation } = await direct(ada, ben);
    await node.say(ben, conversation.id, 250);
    await node.dataSource.query(
      'INSERT INTO mentions (user_id, conversation_id, seq) SELECT $1, $2, generate_series(1, 250)',
      [ada.userId, conversation.id],
    );
    const { items } = await node.conversations.list(ada, {});
    expect(items[0]).toMatchObject({ lastSeq: 250, unread: 100, mentions: 100 });
  });

  it('shows a newcomer nothing from before they joined', async () => {
    const team = await group(ada, ben);
    await node.say(ada, team.id, 5);
    await node.members.add(ada, team.id, { userIds: [cleo.userId] });
    const { items } = await node.conversations.list(cleo, {});
    expect(items[0]).toMatchObject({
      lastSeq: 7,
      visibleFromSeq: 7,
      readSeq: 7,
      unread: 0,
      lastMessage: { seq: 7, data: { event: 'members_added', userIds: [cleo.userId] } },
    });
  });

  it('has no last message where nothing was written', async () => {
    await direct(ada, ben);
    expect((await node.conversations.list(ada, {})).items[0]).toMatchObject({
      lastMessage: null,
      unread: 0,
      lastSeq: 0,
    });
  });

  it('costs the same number of queries however long the page is', async () => {
    for (let count = 0; count < 12; count += 1) await node.say(ben, (await group(ada, ben, cleo)).id);
    const countOf = async (limit: number) =>
      (await node.queriesOf(() => node.conversations.list(ada, { limit }))).length;
    const few = await countOf(2);
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThanOrEqual(7);
    expect(await countOf(12)).toBe(few);
  });

  it('reads no more of a conversation than it counts, however much is unread', async () => {
    const { conversation } = await direct(ada, ben);
    await node.say(ben, conversation.id, 20_000);
    await node.dataSource.query(
      'INSERT INTO mentions (user_id, conversation_id, seq) SELECT $1, $2, generate_series(1, 20000)',
      [ada.userId, conversation.id],
    );
    await node.dataSource.query('ANALYZE messages, mentions');
    const queries = await node.queriesOf(() => node.conversations.list(ada, {}));
    const read = (await explain(node.dataSource, queries)).filter(
      ({ table }) => table === 'messages' || table === 'mentions',
    );
    expect(read.length).toBeGreaterThan(2);
    for (const { rows } of read) expect(rows).toBeLessThanOrEqual(100);
  });
});
