import { codeOf, startConversations, type ConversationsNode } from '../../../../test/support/conversations-node.js';
import { seedDirect, seedGroup } from '../../../../test/support/seed.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';

let node: ConversationsNode;
let ada: Actor, ben: Actor, cleo: Actor, dora: Actor;

beforeAll(async () => {
  node = await startConversations();
});

beforeEach(async () => {
  [ada, ben, cleo, dora] = (await node.people(4)) as [Actor, Actor, Actor, Actor];
});

afterAll(() => node.close());

const ids = (...people: Actor[]): string[] => people.map((person) => person.userId);
const groupOf = (...people: Actor[]) => seedGroup(node.dataSource, ids(...people));
const directOf = (one: Actor, other: Actor) => seedDirect(node.dataSource, one.userId, other.userId);
const db = () => node.dataSource.manager;

describe('requiring a membership', () => {
  it('gives the same answer to strangers, to people who left, and about nothing at all', async () => {
    const id = await groupOf(ada, ben);
    await node.members.remove(ben, id, ben.userId);
    const asked = [
      node.access.require(db(), cleo, id, 'view'),
      node.access.require(db(), ben, id, 'view'),
      node.access.require(db(), cleo, id, 'rename'),
      node.access.require(db(), ada, newId(), 'view'),
    ];
    const answers = await Promise.all(asked.map((answer) => answer.then(() => 'allowed').catch(String)));
    expect(new Set(answers)).toEqual(new Set(['DomainError: There is no such conversation']));
  });

  it('judges by kind and role', async () => {
    const group = await groupOf(ada, ben);
    const direct = await directOf(ada, ben);
    expect(await node.access.require(db(), ada, group, 'rename')).toMatchObject({ role: 'owner', peerId: null });
    expect(await codeOf(node.access.require(db(), ben, group, 'rename'))).toBe('action_forbidden');
    expect(await codeOf(node.access.require(db(), ada, direct, 'rename'))).toBe('conversation_kind_mismatch');
    expect(await node.access.require(db(), ada, direct, 'send')).toMatchObject({ peerId: ben.userId });
  });

  it('does not make a stranger wait for a lock', async () => {
    const id = await groupOf(ada, ben);
    const runner = node.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [id]);
    expect(await codeOf(node.conversations.rename(cleo, id, { title: 'Mine' }))).toBe('conversation_not_found');
    expect(await codeOf(node.conversations.rename(ben, id, { title: 'Mine' }))).toBe('action_forbidden');
    await runner.rollbackTransaction();
    await runner.release();
  });
});

describe('what delivery asks', () => {
  it('knows the memberships of each person and where they stand', async () => {
    const [one, two, left] = [await groupOf(ada, ben), await directOf(ada, ben), await groupOf(ben, ada)];
    await node.say(ben, one, 3);
    await node.members.remove(ada, left, ada.userId);
    const nobody = newId();
    const memberships = await node.access.listMemberships([nobody, ...ids(ada, ben)]);
    const of = (userId: string) => [...(memberships.get(userId) ?? [])].sort((a, b) => b.lastSeq - a.lastSeq);
    expect(of(ada.userId)).toEqual([
      { conversationId: one, lastSeq: 3, memberVersion: 1 },
      { conversationId: two, lastSeq: 0, memberVersion: 1 },
    ]);
    expect(of(ben.userId).map(({ conversationId }) => conversationId)).toContain(left);
    expect(memberships.get(nobody)).toEqual([]);
  });

  it('knows heads, and leaves out what does not exist', async () => {
    const id = await groupOf(ada);
    await node.say(ada, id, 2);
    expect(await node.access.listHeads([id, newId()])).toEqual(new Map([[id, { lastSeq: 2, memberVersion: 1 }]]));
    expect(await node.access.listHeads([])).toEqual(new Map());
  });

  it('filters members, with the version at which that is so', async () => {
    const id = await groupOf(ada, ben, cleo);
    await node.members.remove(ada, id, cleo.userId);
    const joinedSeqs = new Map(ids(ada, ben).map((userId) => [userId, 0]));
    expect(await node.access.filterMembers(id, ids(ada, ben, cleo, dora))).toEqual({ memberVersion: 2, joinedSeqs });
    const nobody = new Map();
    expect(await node.access.filterMembers(id, [])).toEqual({ memberVersion: 2, joinedSeqs: nobody });
    expect(await node.access.filterMembers(newId(), ids(ada))).toEqual({ memberVersion: 0, joinedSeqs: nobody });
  });

  it('knows since when somebody who left and came back has belonged to it', async () => {
    const id = await groupOf(ada, ben);
    await node.say(ben, id, 2);
    await node.members.remove(ada, id, ben.userId);
    await node.members.add(ada, id, { userIds: [ben.userId] });
    const { joinedSeqs } = await node.access.filterMembers(id, ids(ada, ben));
    expect([joinedSeqs.get(ada.userId), joinedSeqs.get(ben.userId)]).toEqual([0, 4]);
  });

  it('knows who shares a conversation now', async () => {
    await directOf(ada, ben);
    const group = await groupOf(ada, cleo);
    await groupOf(cleo, dora);
    const shared = () => node.access.shareConversation(ada.userId, [...ids(ben, cleo, dora), newId()]);
    expect(await shared()).toEqual(new Set(ids(ben, cleo)));
    await node.members.remove(ada, group, cleo.userId);
    expect(await shared()).toEqual(new Set(ids(ben)));
    await node.members.add(ada, group, { userIds: [cleo.userId] });
    await node.members.changeRole(ada, group, cleo.userId, { role: 'owner' });
    await node.members.remove(ada, group, ada.userId);
    expect(await shared()).toEqual(new Set(ids(ben)));
    expect(await node.access.shareConversation(ada.userId, [])).toEqual(new Set());
  });

  it('costs one query each', async () => {
    const id = await groupOf(ada, ben);
    const asked: (() => Promise<unknown>)[] = [
      () => node.access.require(db(), ada, id, 'view'),
      () => node.access.listMemberships(ids(ada, ben)),
      () => node.access.listHeads([id]),
      () => node.access.filterMembers(id, ids(ada, ben)),
      () => node.access.shareConversation(ada.userId, ids(ben)),
    ];
    for (const ask of asked) expect(await node.queriesOf(ask)).toHaveLength(1);
  });
});

describe('the view of a conversation', () => {
  it('holds the members of small groups, also those whose account is gone', async () => {
    const id = await groupOf(ada, ben);
    await node.dataSource.query('UPDATE users SET deactivated_at = now() WHERE id = $1', [ben.userId]);
    const view = await node.access.getView(db(), id);
    expect(view).toMatchObject({ id, kind: 'group', title: 'Team', memberCount: 2, memberVersion: 1 });
    expect(view.members).toEqual([
      { userId: ada.userId, username: expect.any(String), displayName: 'Somebody', role: 'owner', joinedSeq: 0 },
      { userId: ben.userId, username: expect.any(String), displayName: 'Somebody', role: 'member', joinedSeq: 0 },
    ]);
    expect(await codeOf(node.access.getView(db(), newId()))).toBe('conversation_not_found');
  });

  it('counts the members of groups over 50 and leaves them to the list', async () => {
    const crowd = await node.people(50);
    const [fifty, more] = [await groupOf(...crowd), await groupOf(ada, ...crowd)];
    expect((await node.access.getView(db(), fifty)).members).toHaveLength(50);
    expect(await node.access.getView(db(), more)).toMatchObject({ memberCount: 51, members: null });
  });
});

describe('with one connection', () => {
  it('everything works: no transaction asks for a second one', async () => {
    const single = await startConversations({ PARLEY_DATABASE_POOL: '2' });
    // The outbox keeps one of the two connections for its upkeep now and then; this one holds it.
    const held = single.dataSource.createQueryRunner();
    await held.connect();
    const [one, two, three] = (await single.people(3)) as [Actor, Actor, Actor];
    const created = await single.conversations.create(one, { kind: 'group', title: 'Team', memberIds: [two.userId] });
    const { id } = created.conversation;
    await single.conversations.create(one, { kind: 'direct', memberIds: [two.userId] });
    await single.conversations.rename(one, id, { title: 'Engines' });
    await single.conversations.updateSettings(one, id, { pinned: true });
    await single.members.add(one, id, { userIds: [three.userId] });
    await single.members.changeRole(one, id, two.userId, { role: 'admin' });
    await single.members.remove(two, id, three.userId);
    expect((await single.members.list(one, id, {})).items).toHaveLength(2);
    expect((await single.conversations.list(one, {})).items).toHaveLength(2);
    expect(await single.conversations.get(one, id)).toMatchObject({ title: 'Engines', memberCount: 2 });
    await held.release();
    await single.close();
  });
});
