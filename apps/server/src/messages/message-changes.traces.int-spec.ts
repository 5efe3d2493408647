import type { ConversationSummary, MessageView } from '@parley/contracts';
import { codeOf } from '../../../../test/support/conversations-node.js';
import { eventually } from '../../../../test/support/eventually.js';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';

/** What a change leaves behind elsewhere: in lists, in retries, in the database and after a crash. */

let node: MessagesNode;
let ada: Actor, ben: Actor;
let team: string;

beforeAll(async () => {
  node = await startMessages();
});

beforeEach(async () => {
  [ada, ben] = (await node.people(2)) as [Actor, Actor];
  team = await node.group(ada, ben);
});

afterAll(() => node.close());

async function summary(viewer: Actor, conversationId: string): Promise<ConversationSummary | undefined> {
  const { items } = await node.conversations.list(viewer, {});
  return items.find(({ conversation }) => conversation.id === conversationId);
}

describe('in the list of conversations', () => {
  it('the last message is shown as it is now', async () => {
    const { seq } = await node.say(ada, team, 'Hello');
    await node.changes.addReaction(ben, team, seq, '👍');
    expect((await summary(ben, team))?.lastMessage).toMatchObject({ seq, reactions: [{ emoji: '👍' }] });
    await node.changes.edit(ada, team, seq, { body: 'Hello, Ben' });
    expect((await summary(ben, team))?.lastMessage).toMatchObject({ seq, body: 'Hello, Ben', version: 2 });
    const deleted = await node.changes.delete(ada, team, seq, {});
    expect(await summary(ben, team)).toMatchObject({ lastMessage: deleted, lastSeq: deleted.changedSeq });
  });

  it('a conversation keeps its place when an older message changes', async () => {
    const { seq } = await node.say(ada, team, 'Hello');
    const other = await node.group(ada, ben);
    const before = await summary(ada, team);
    await node.changes.edit(ada, team, seq, { body: 'Hello, Ben' });
    await node.changes.addReaction(ben, team, seq, '👍');
    await node.changes.delete(ada, team, seq, {});
    const { items } = await node.conversations.list(ada, {});
    expect(items.map(({ conversation }) => conversation.id)).toEqual([other, team]);
    expect(items[1]?.lastActivityAt).toBe(before?.lastActivityAt);
  });

  it('an unread message counts no more when it is deleted, and as before when it is edited', async () => {
    const [one, two] = [await node.say(ada, team, 'One'), await node.say(ada, team, 'Two')];
    await node.changes.edit(ada, team, one.seq, { body: 'Uno' });
    await node.changes.addReaction(ben, team, one.seq, '👍');
    expect(await summary(ben, team)).toMatchObject({ unread: 2 });
    await node.changes.delete(ada, team, two.seq, {});
    expect(await summary(ben, team)).toMatchObject({ unread: 1 });
    await node.changes.delete(ada, team, one.seq, {});
    expect(await summary(ben, team)).toMatchObject({ unread: 0 });
  });
});

describe('a late retry of the send', () => {
  const input = () => ({ clientId: newId(), body: 'Hello' });

  it('finds the message as it is, after edits', async () => {
    const sent = input();
    const { seq } = await node.messages.send(ada, team, sent);
    await node.changes.edit(ada, team, seq, { body: 'Hello, Ben' });
    const edited = await node.changes.edit(ada, team, seq, { body: 'Hello, Benjamin' });
    expect(await node.messages.send(ada, team, sent)).toEqual({ ...edited, duplicate: true });
  });

  it('finds the message as it is, after its deletion', async () => {
    const sent = input();
    const { seq } = await node.messages.send(ada, team, sent);
    await node.changes.edit(ada, team, seq, { body: 'Hello, Ben' });
    const deleted = await node.changes.delete(ada, team, seq, {});
    expect(await node.messages.send(ada, team, sent)).toEqual({ ...deleted, duplicate: true });
  });

  it('with the edited text is another send under a used client id', async () => {
    const sent = input();
    const { seq } = await node.messages.send(ada, team, sent);
    await node.changes.edit(ada, team, seq, { body: 'Hello, Ben' });
    expect(await codeOf(node.messages.send(ada, team, { ...sent, body: 'Hello, Ben' }))).toBe('client_id_reused');
    await node.changes.delete(ada, team, seq, {});
    expect(await codeOf(node.messages.send(ada, team, { ...sent, body: 'Hello, Ben' }))).toBe('client_id_reused');
  });
});

describe('in the database', () => {
  // Without upkeep, so that what is to be made known stays where it was stored.
  beforeEach(() => node.outbox.onApplicationShutdown());
  afterEach(() => node.outbox.onModuleInit());

  /** The tables in which a text stands anywhere. */
  async function tablesWith(words: string): Promise<string[]> {
    const tables: { name: string }[] = await node.dataSource.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows: unknown[] = await node.dataSource.query(
        `SELECT 1 FROM "${name}" t WHERE position($1 IN t::text) > 0 LIMIT 1`,
        [words],
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  }

  /** The rows of the outbox about a conversation, oldest first. */
  const outboxOf = (conversationId: string): Promise<{ facts: object[] }[]> =>
    node.dataSource.query('SELECT facts FROM outbox WHERE position($1 IN facts::text) > 0 ORDER BY id', [
      conversationId,
    ]);

  it('a text stands in one place, and in none when it was edited or deleted', async () => {
    const { seq } = await node.say(ada, team, 'the first words');
    await node.changes.addReaction(ben, team, seq, '👍');
    await node.changes.edit(ada, team, seq, { body: 'the second words' });
    expect(await tablesWith('the first words')).toEqual([]);
    expect(await tablesWith('the second words')).toEqual(['messages']);
    await node.changes.delete(ada, team, seq, {});
    expect(await tablesWith('the second words')).toEqual([]);
    expect(await tablesWith('👍')).toEqual([]);
    expect((await outboxOf(team)).flatMap(({ facts }) => facts)).toEqual(
      [0, 1, 2, 3].map((more) => ({
        type: 'appended',
        conversationId: team,
        fromSeq: seq + more,
        toSeq: seq + more,
      })),
    );
  });

  it('what a crash left behind is told as it is now, and a deleted text never again', async () => {
    const { seq } = await node.say(ada, team, 'the first words');
    await node.changes.edit(ada, team, seq, { body: 'the second words' });
    const edited = await node.say(ada, team, 'Something else');
    await node.changes.edit(ada, team, edited.seq, { body: 'Something new' });
    const deleted = await node.changes.delete(ada, team, seq, {});
    node.published.length = 0;
    // The same rows once more, as of a process that died before it published any of them.
    for (const { facts } of await outboxOf(team)) {
      await node.dataSource.query('INSERT INTO outbox (id, facts, due_at) VALUES ($1, $2, now())', [
        newId(),
        JSON.stringify(facts),
      ]);
    }
    node.outbox.onModuleInit();
    const told = await eventually(() => {
      const changes = node.published.flat().filter((fact) => fact.type === 'message:changed');
      const found = changes.find(({ payload }) => payload.seq === deleted.changedSeq);
      expect(found).toBeDefined();
      return found;
    });
    const message: MessageView = deleted;
    expect(told?.payload).toEqual({ conversationId: team, seq: deleted.changedSeq, message, change: 'deleted' });
    expect(JSON.stringify(node.published)).not.toContain('the first words');
    expect(JSON.stringify(node.published)).not.toContain('the second words');
    expect(JSON.stringify(node.published)).toContain('Something new');
  });
});
