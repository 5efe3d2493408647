import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';
import { SummariesAccess } from '../conversations/summaries.access.js';
import { UsersAccess } from '../users/users.access.js';
import { CounterCheck } from './counter-check.js';
import type { Difference } from './difference.js';

describe('the check of the counters', () => {
  let node: MessagesNode;
  let ada: Actor, ben: Actor, cleo: Actor;
  let group: string, direct: string;
  let ofAda: number, deleted: number;

  async function check(): Promise<{ differences: Difference[]; counts: CounterCheck['counts'] }> {
    const counters = new CounterCheck(node.dataSource, new SummariesAccess(new UsersAccess()));
    const differences: Difference[] = [];
    for await (const difference of counters.run()) differences.push(difference);
    return { differences, counts: counters.counts };
  }

  const sql = (text: string, ...parameters: unknown[]): Promise<unknown> => node.dataSource.query(text, parameters);

  beforeAll(async () => {
    node = await startMessages();
    [ada, ben, cleo] = (await node.people(3)) as [Actor, Actor, Actor];
    group = await node.group(ada, ben, cleo);
    direct = await node.direct(ada, ben);
    for (let index = 0; index < 120; index += 1) await node.say(ben, group, `text ${index}`);
    ofAda = (await node.say(ada, group, '@all of you')).seq;
    deleted = (await node.say(ada, group, 'gone soon, @all')).seq;
    await node.changes.addReaction(ben, group, ofAda, '👍');
    await node.changes.edit(ada, group, ofAda, { body: 'all of @all' });
    await node.changes.delete(ada, group, deleted, {});
    await node.say(ben, direct, 'Hello');
    await sql(
      `UPDATE members SET read_seq = 50, delivered_seq = 60 WHERE conversation_id = $1 AND user_id = $2`,
      group,
      ada.userId,
    );
  });

  afterAll(() => node.close());

  it('finds no difference in what the server has written', async () => {
    expect(await check()).toEqual({
      differences: [],
      counts: { users: 3, memberships: 5, conversations: 2, messages: 124 },
    });
  });

  const DAMAGES: [string, string, string][] = [
    ['the last number', 'UPDATE conversation_heads SET last_seq = last_seq + 1 WHERE conversation_id = $1', 'group'],
    ['the last number', 'DELETE FROM messages WHERE conversation_id = $1', 'direct'],
    [
      'positions beyond the head, or read before delivered',
      'UPDATE members SET delivered_seq = 999 WHERE conversation_id = $1',
      'direct',
    ],
    [
      'deleted messages with a text, mentions or reactions',
      "UPDATE messages SET body = 'back' WHERE conversation_id = $1 AND deleted_at IS NOT NULL",
      'group',
    ],
    [
      'reactions to no text, or of too many kinds',
      "UPDATE messages SET kind = 'system' WHERE conversation_id = $1 AND changed_seq IS NOT NULL",
      'group',
    ],
    ['mentions', 'DELETE FROM mentions WHERE conversation_id = $1', 'group'],
    [
      'mentions that have no row',
      'UPDATE messages SET mentioned = ARRAY[sender_id] WHERE conversation_id = $1 AND seq = 5',
      'group',
    ],
    ['rows of mentions that no message makes', 'UPDATE mentions SET seq = 5 WHERE conversation_id = $1', 'group'],
    ['owners', "UPDATE members SET role = 'owner' WHERE conversation_id = $1", 'group'],
    [
      'the members of a pair',
      'UPDATE members SET left_seq = 1 WHERE conversation_id = $1 AND user_id = (SELECT min(user_id::text)::uuid FROM members WHERE conversation_id = $1)',
      'direct',
    ],
  ];

  const TABLES = ['conversation_heads', 'members', 'messages', 'mentions'];

  it.each(DAMAGES)('names %s after: %s', async (what, damage, where) => {
    for (const table of TABLES) await sql(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
    await sql(damage, where === 'group' ? group : direct);
    const { differences } = await check();
    for (const table of TABLES) {
      await sql(`DELETE FROM ${table}`);
      await sql(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
      await sql(`DROP TABLE kept_${table}`);
    }
    expect(differences.map((difference) => difference.what)).toContain(what);
    expect(differences.every(({ place }) => place.includes(where === 'group' ? group : direct))).toBe(true);
    expect((await check()).differences).toEqual([]);
  });
});
