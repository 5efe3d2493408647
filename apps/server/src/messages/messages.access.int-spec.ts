import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import type { Change, Fact } from '../events/fact.js';

let node: MessagesNode;
let ada: Actor, ben: Actor, cleo: Actor;
let team: string;

beforeAll(async () => {
  node = await startMessages();
});

beforeEach(async () => {
  [ada, ben, cleo] = (await node.people(3)) as [Actor, Actor, Actor];
  team = await node.group(ada, ben);
});

afterAll(() => node.close());

const load = (afterSeq: number, toSeq: number): Promise<Change[]> => node.access.loadChanges(team, afterSeq, toSeq);

/** Number, kind, and the text as it was told. */
const told = (changes: readonly Change[]): unknown[] =>
  changes.map(([fact]) => {
    if (fact?.type === 'message:sent') return [fact.payload.seq, 'sent', fact.payload.message.body];
    if (fact?.type === 'message:changed') return [fact.payload.seq, fact.payload.change, fact.payload.message.body];
    return [fact?.position?.seq, fact?.type];
  });

/** The people to whom a fact is told by name. */
const namesIn = (fact: Fact | undefined): Set<string> =>
  new Set(fact !== undefined && 'userIds' in fact.audience ? fact.audience.userIds : []);

describe('loading changes', () => {
  it('tells sendings and changes in the order of their numbers, each message as it is now', async () => {
    await node.say(ada, team, 'one');
    await node.say(ben, team, 'two');
    await node.changes.edit(ada, team, 2, { body: 'uno' });
    await node.say(ada, team, 'three');
    await node.changes.addReaction(ben, team, 5, '👍');
    expect(told(await load(1, 6))).toEqual([
      [2, 'sent', 'uno'],
      [3, 'sent', 'two'],
      [4, 'several', 'uno'],
      [5, 'sent', 'three'],
      [6, 'several', 'three'],
    ]);
  });

  it('tells what the facts of the moment told, but for what was done', async () => {
    await node.say(ada, team, 'one');
    node.published.length = 0;
    const { seq } = await node.say(ben, team, 'two');
    await node.changes.addReaction(ada, team, 2, '👍');
    const [sent, changed] = await load(seq - 1, seq + 1);
    expect(sent).toEqual(node.published[0]);
    expect(changed?.[0]).toMatchObject({ ...node.published[1]?.[0], payload: { seq: seq + 1, change: 'several' } });
  });

  it('tells only what lies between two numbers', async () => {
    await node.say(ada, team, 'one');
    await node.say(ada, team, 'two');
    await node.changes.edit(ada, team, 2, { body: 'uno' });
    await node.changes.edit(ada, team, 3, { body: 'due' });
    expect(told(await load(2, 4))).toEqual([
      [3, 'sent', 'due'],
      [4, 'several', 'uno'],
    ]);
    expect(await load(5, 5)).toEqual([]);
    expect(await load(5, 90)).toEqual([]);
  });

  it('leaves out a number whose change was replaced by a later one', async () => {
    await node.say(ada, team, 'one');
    await node.changes.edit(ada, team, 2, { body: 'uno' });
    await node.changes.addReaction(ben, team, 2, '👍');
    await node.changes.removeReaction(ben, team, 2, '👍');
    expect(told(await load(2, 4))).toEqual([]);
    expect(told(await load(2, 5))).toEqual([[5, 'several', 'uno']]);
  });

  it('tells a deletion as one, and the text of a deleted message at no number', async () => {
    await node.say(ada, team, 'a secret');
    await node.changes.edit(ada, team, 2, { body: 'a better secret' });
    await node.changes.delete(ada, team, 2, {});
    const changes = await load(0, 4);
    expect(told(changes).slice(1)).toEqual([
      [2, 'sent', null],
      [4, 'deleted', null],
    ]);
    expect(JSON.stringify(changes)).not.toContain('secret');
  });

  it('tells a change to those who may read the message, and by name only if somebody may not', async () => {
    await node.say(ada, team, 'before');
    await node.changes.edit(ada, team, 2, { body: 'edited before' });
    expect((await load(2, 3))[0]?.[0]?.audience).toEqual({ conversationId: team });
    await node.members.add(ada, team, { userIds: [cleo.userId] });
    await node.say(ada, team, 'after');
    await node.changes.addReaction(ada, team, 2, '👍');
    await node.changes.addReaction(ada, team, 5, '👍');
    const [, older, newer] = (await load(4, 7)).flat();
    expect(older).toMatchObject({ type: 'message:changed', payload: { message: { body: 'edited before' } } });
    expect(namesIn(older)).toEqual(new Set([ada.userId, ben.userId]));
    expect(newer).toMatchObject({ payload: { message: { body: 'after' } }, audience: { conversationId: team } });
  });

  it('carries the present version of the members, so that who has left is found out before it is told', async () => {
    await node.say(ada, team, 'one');
    await node.members.add(ada, team, { userIds: [cleo.userId] });
    await node.members.remove(ada, team, ben.userId);
    const changes = await load(1, 4);
    expect(changes.map(([fact]) => fact?.position?.memberVersion)).toEqual([3, 3, 3]);
    expect(changes[1]?.[0]?.position?.joined).toEqual([cleo.userId]);
    expect(changes[2]?.[0]?.position?.left).toEqual([ben.userId]);
  });

  it('tells the joining first and the leaving last, as when it happened', async () => {
    await node.members.add(ada, team, { userIds: [cleo.userId] });
    await node.members.remove(ada, team, ben.userId);
    expect((await load(1, 3)).map((change) => change.map((fact) => fact.type))).toEqual([
      ['conversation:joined', 'message:sent', 'conversation:changed'],
      ['message:sent', 'conversation:changed', 'conversation:left'],
    ]);
  });

  it('tells all of a long range', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, n) => node.say(ada, team, `${n}`)));
    await Promise.all([2, 3, 4, 5].map((seq) => node.changes.addReaction(ben, team, seq, '👍')));
    const changes = await load(0, 305);
    expect(changes.map(([fact]) => fact?.position?.seq)).toEqual(Array.from({ length: 305 }, (_, n) => n + 1));
  });

  it('knows nothing of a conversation that does not exist', async () => {
    expect(await node.access.loadChanges(newId(), 0, 10)).toEqual([]);
  });
});
