import type { ConversationView, MemberView, Role } from '@parley/contracts';
import { codeOf, startConversations, type ConversationsNode } from '../../../../test/support/conversations-node.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';

let node: ConversationsNode;
let ada: Actor, ben: Actor, cleo: Actor;
/** Ada is its owner, ben its admin, cleo a member; made by numbers 1 and 2. */
let team: ConversationView;

beforeAll(async () => {
  node = await startConversations();
});

beforeEach(async () => {
  [ada, ben, cleo] = (await node.people(3)) as [Actor, Actor, Actor];
  team = await group(ada, ben, cleo);
  team = await node.members.changeRole(ada, team.id, ben.userId, { role: 'admin' });
  node.changes.length = 0;
});

afterAll(() => node.close());

async function group(owner: Actor, ...others: Actor[]): Promise<ConversationView> {
  const memberIds = others.map((person) => person.userId);
  return (await node.conversations.create(owner, { kind: 'group', title: 'Team', memberIds })).conversation;
}

const add = (actor: Actor, ...people: Actor[]) =>
  node.members.add(actor, team.id, { userIds: people.map((person) => person.userId) });
const remove = (actor: Actor, person: Actor) => node.members.remove(actor, team.id, person.userId);
const leave = (actor: Actor) => remove(actor, actor);
const give = (actor: Actor, person: Actor, role: Role) =>
  node.members.changeRole(actor, team.id, person.userId, { role });

const headOf = async (id: string) => (await node.access.listHeads([id])).get(id);

/** The members as the database has them now. */
const current = () => node.access.getView(node.dataSource.manager, team.id);

async function rolesNow(): Promise<Record<string, Role>> {
  return Object.fromEntries(((await current()).members ?? []).map(({ userId, role }) => [userId, role]));
}

async function membershipOf(person: Actor) {
  const [row]: Record<string, unknown>[] = await node.dataSource.query(
    'SELECT role, joined_seq, visible_from_seq, left_seq, read_seq, archived_at FROM members WHERE conversation_id = $1 AND user_id = $2',
    [team.id, person.userId],
  );
  return row;
}

describe('adding people', () => {
  it('is one change, told to those who join first', async () => {
    const [dora, emil] = (await node.people(2)) as [Actor, Actor];
    const view = await add(ben, dora, emil);
    expect(view).toMatchObject({ memberCount: 5, memberVersion: 3 });
    expect(await membershipOf(dora)).toMatchObject({ role: 'member', joined_seq: 3, visible_from_seq: 3, read_seq: 3 });

    const joined = [dora.userId, emil.userId];
    const [change] = node.changes;
    expect(node.changes).toHaveLength(1);
    expect(change?.map(({ type, audience }) => [type, audience])).toEqual([
      ['conversation:joined', { userIds: joined }],
      ['message:sent', { conversationId: team.id }],
      ['conversation:changed', { conversationId: team.id }],
    ]);
    for (const { position } of change ?? []) {
      expect(position).toEqual({ conversationId: team.id, seq: 3, memberVersion: 3, joined });
    }
    expect(change?.[1]?.payload).toMatchObject({
      message: { senderId: ben.userId, data: { event: 'members_added', userIds: joined } },
    });
    expect(change?.[2]?.payload).toMatchObject({ conversation: view });
  });

  it('passes over those who are in it already, and changes nothing when all are', async () => {
    expect(await add(ada, ben, cleo, ada)).toEqual(team);
    expect(await headOf(team.id)).toEqual({ lastSeq: 2, memberVersion: 2 });
    expect(node.changes).toEqual([]);

    const [dora] = (await node.people(1)) as [Actor];
    await add(ada, ben, dora);
    expect(node.changes[0]?.[0]).toMatchObject({ audience: { userIds: [dora.userId] } });
    expect((await rolesNow())[ben.userId]).toBe('admin');
  });

  it('adds nobody when one of them is unknown, or blocks the actor or is blocked by them', async () => {
    const [dora, emil] = (await node.people(2)) as [Actor, Actor];
    await node.dataSource.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2), ($3, $1)', [
      ben.userId,
      dora.userId,
      emil.userId,
    ]);
    expect(await codeOf(add(ben, dora))).toBe('user_blocked');
    expect(await codeOf(add(ben, emil))).toBe('user_blocked');
    expect(await codeOf(add(ada, dora, { userId: newId(), sessionId: newId() }))).toBe('user_not_found');
    expect(await headOf(team.id)).toEqual({ lastSeq: 2, memberVersion: 2 });
    expect(await add(ada, dora, emil)).toMatchObject({ memberCount: 5 });
  });

  it('ends at a thousand members', async () => {
    const crowd = await node.people(997);
    for (let from = 0; from < 900; from += 100) await add(ada, ...crowd.slice(from, from + 100));
    await add(ada, ...crowd.slice(900, 996));
    const [last, oneTooMany] = (await node.people(2)) as [Actor, Actor];
    expect(await codeOf(add(ada, last, oneTooMany))).toBe('member_limit_reached');
    expect(await add(ada, last)).toMatchObject({ memberCount: 1_000, members: null });
    expect(await codeOf(add(ada, oneTooMany))).toBe('member_limit_reached');
    expect(await add(ada, last)).toMatchObject({ memberCount: 1_000 });
  });

  it('is for owner and admins', async () => {
    const [dora] = (await node.people(1)) as [Actor];
    expect(await codeOf(add(cleo, dora))).toBe('action_forbidden');
    expect(await codeOf(add(dora, dora))).toBe('conversation_not_found');
  });
});

describe('removing people', () => {
  it('is one change, the last that the removed person hears', async () => {
    await remove(ben, cleo);
    expect(node.changes).toHaveLength(1);
    const [change] = node.changes;
    expect(change?.map(({ type, audience }) => [type, audience])).toEqual([
      ['message:sent', { conversationId: team.id }],
      ['conversation:changed', { conversationId: team.id }],
      ['conversation:left', { userIds: [cleo.userId] }],
    ]);
    for (const { position } of change ?? []) {
      expect(position).toEqual({ conversationId: team.id, seq: 3, memberVersion: 3, left: [cleo.userId] });
    }
    expect(change?.[0]?.payload).toMatchObject({
      message: { data: { event: 'member_removed', userIds: [cleo.userId] } },
    });
    expect(change?.[1]?.payload).toMatchObject({ conversation: { memberCount: 2 } });
    expect(change?.[2]?.payload).toEqual({ conversationId: team.id, seq: 3 });
    expect(await membershipOf(cleo)).toMatchObject({ left_seq: 3 });
    expect(await codeOf(node.conversations.get(cleo, team.id))).toBe('conversation_not_found');
    expect((await node.conversations.list(cleo, {})).items).toEqual([]);
  });

  it('follows the roles', async () => {
    const [dora] = (await node.people(1)) as [Actor];
    await add(ada, dora);
    await give(ada, dora, 'admin');
    expect(await codeOf(remove(cleo, ben))).toBe('action_forbidden');
    expect(await codeOf(remove(ben, dora))).toBe('action_forbidden');
    expect(await codeOf(remove(ben, ada))).toBe('action_forbidden');
    expect(await codeOf(remove(ada, dora))).toBe('done');
    expect(await codeOf(remove(ada, dora))).toBe('member_not_found');
  });

  it('hides from somebody who returns what happened in between', async () => {
    await node.conversations.updateSettings(cleo, team.id, { archived: true });
    await remove(ada, cleo);
    await node.say(ada, team.id, 4);
    await add(ada, cleo);
    expect(await membershipOf(cleo)).toEqual({
      role: 'member',
      joined_seq: 8,
      visible_from_seq: 8,
      left_seq: null,
      read_seq: 8,
      archived_at: null,
    });
    const [summary] = (await node.conversations.list(cleo, {})).items;
    expect(summary).toMatchObject({ visibleFromSeq: 8, unread: 0, lastMessage: { seq: 8 } });
  });

  it('takes a role away for good', async () => {
    await remove(ada, ben);
    await add(ada, ben);
    expect((await rolesNow())[ben.userId]).toBe('member');
  });
});

describe('leaving', () => {
  it('is told as leaving', async () => {
    await leave(cleo);
    expect(node.changes[0]?.[0]?.payload).toMatchObject({
      message: { senderId: cleo.userId, data: { event: 'member_left', userIds: [cleo.userId] } },
    });
    expect(await codeOf(leave(cleo))).toBe('conversation_not_found');
  });

  it('is refused to the owner while others are left', async () => {
    expect(await codeOf(leave(ada))).toBe('owner_required');
    await leave(ben);
    await leave(cleo);
    expect(await codeOf(leave(ada))).toBe('done');
    expect(await current()).toMatchObject({ memberCount: 0, members: [] });
    expect(node.changes.at(-1)?.at(-1)).toMatchObject({
      type: 'conversation:left',
      audience: { userIds: [ada.userId] },
    });
  });

  it('is not for direct conversations', async () => {
    const { conversation } = await node.conversations.create(ada, { kind: 'direct', memberIds: [ben.userId] });
    const mismatch = 'conversation_kind_mismatch';
    expect(await codeOf(node.members.remove(ada, conversation.id, ada.userId))).toBe(mismatch);
    expect(await codeOf(node.members.remove(ada, conversation.id, ben.userId))).toBe(mismatch);
    expect(await codeOf(node.members.add(ada, conversation.id, { userIds: [cleo.userId] }))).toBe(mismatch);
    expect(await codeOf(node.members.changeRole(ada, conversation.id, ben.userId, { role: 'admin' }))).toBe(mismatch);
  });
});

describe('changing roles', () => {
  it('is one change', async () => {
    expect(await give(ada, cleo, 'admin')).toMatchObject({ memberVersion: 3 });
    const [change] = node.changes;
    expect(change?.map(({ type }) => type)).toEqual(['message:sent', 'conversation:changed']);
    for (const { position } of change ?? []) {
      expect(position).toEqual({ conversationId: team.id, seq: 3, memberVersion: 3 });
    }
    expect(change?.[0]?.payload).toMatchObject({
      message: { data: { event: 'role_changed', userIds: [cleo.userId], role: 'admin' } },
    });
  });

  it('changes nothing when the role is the same', async () => {
    expect(await give(ada, ben, 'admin')).toEqual(team);
    expect(await give(ada, ada, 'owner')).toEqual(team);
    expect(await headOf(team.id)).toEqual({ lastSeq: 2, memberVersion: 2 });
    expect(node.changes).toEqual([]);
  });

  it('hands ownership over in one change', async () => {
    const view = await give(ada, cleo, 'owner');
    expect(view).toMatchObject({ memberVersion: 3 });
    expect(await rolesNow()).toEqual({ [cleo.userId]: 'owner', [ada.userId]: 'admin', [ben.userId]: 'admin' });
    expect(node.changes).toHaveLength(1);
    expect(node.changes[0]?.[0]?.payload).toMatchObject({
      seq: 3,
      message: { senderId: ada.userId, data: { event: 'ownership_transferred', userIds: [cleo.userId] } },
    });
    expect(await codeOf(leave(ada))).toBe('done');
    expect(await codeOf(leave(cleo))).toBe('owner_required');
  });

  it('is for the owner, of members, and not of their own role', async () => {
    const [dora] = (await node.people(1)) as [Actor];
    expect(await codeOf(give(ben, cleo, 'admin'))).toBe('action_forbidden');
    expect(await codeOf(give(ben, ben, 'owner'))).toBe('action_forbidden');
    expect(await codeOf(give(cleo, ben, 'member'))).toBe('action_forbidden');
    expect(await codeOf(give(ada, dora, 'admin'))).toBe('member_not_found');
    expect(await codeOf(give(ada, ada, 'admin'))).toBe('owner_required');
  });
});

describe('the list of members', () => {
  it('pages through owner, admins and members, each by joining', async () => {
    const crowd = await node.people(8);
    await add(ada, ...crowd.slice(0, 5));
    await add(ada, ...crowd.slice(5));
    await give(ada, crowd[6] as Actor, 'admin');

    const seen: MemberView[] = [];
    let cursor: string | undefined;
    do {
      const page = await node.members.list(cleo, team.id, { limit: 2, cursor });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);

    const ids = (people: Actor[]) => people.map(({ userId }) => userId).sort();
    expect(seen.map(({ userId }) => userId)).toEqual([
      ada.userId,
      ben.userId,
      crowd[6]?.userId,
      cleo.userId,
      ...ids(crowd.slice(0, 5)),
      ...ids([crowd[5] as Actor, crowd[7] as Actor]),
    ]);
    expect(seen).toEqual((await current()).members);
    expect(seen[0]).toEqual({
      userId: ada.userId,
      username: expect.any(String),
      displayName: 'Somebody',
      role: 'owner',
      joinedSeq: 1,
    });
  });

  it('is not there for strangers, and refuses a forged cursor', async () => {
    const [dora] = (await node.people(1)) as [Actor];
    expect(await codeOf(node.members.list(dora, team.id, {}))).toBe('conversation_not_found');
    const cursor = Buffer.from(JSON.stringify(['king', '1', newId()])).toString('base64url');
    expect(await codeOf(node.members.list(ada, team.id, { cursor }))).toBe('validation_failed');
  });
});
