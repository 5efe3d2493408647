import type { ConversationView } from '@parley/contracts';
import { codeOf, startConversations, type ConversationsNode } from '../../../../test/support/conversations-node.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';

let node: ConversationsNode;
let ada: Actor, ben: Actor, cleo: Actor;

beforeAll(async () => {
  node = await startConversations();
});

beforeEach(async () => {
  [ada, ben, cleo] = (await node.people(3)) as [Actor, Actor, Actor];
  node.changes.length = 0;
});

afterAll(() => node.close());

async function group(owner: Actor, ...others: Actor[]): Promise<ConversationView> {
  const memberIds = others.map((person) => person.userId);
  return (await node.conversations.create(owner, { kind: 'group', title: 'Team', memberIds })).conversation;
}

const direct = (one: Actor, other: Actor) =>
  node.conversations.create(one, { kind: 'direct', memberIds: [other.userId] });

async function block(one: Actor, other: Actor): Promise<void> {
  await node.dataSource.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)', [
    one.userId,
    other.userId,
  ]);
}

const heardOf = (id: string) => node.changes.filter(([fact]) => fact?.position?.conversationId === id);

describe('a direct conversation', () => {
  it('is one for a pair, also when 50 requests of both race', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? direct(ada, ben) : direct(ben, ada))),
    );
    expect(new Set(answers.map(({ conversation }) => conversation.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    const [first] = answers;
    for (const answer of answers) expect(answer.conversation).toEqual(first?.conversation);
    expect(heardOf(first?.conversation.id ?? '')).toHaveLength(1);
  });

  it('begins without a message, with both people told', async () => {
    const { conversation } = await direct(ada, ben);
    expect(conversation).toMatchObject({ kind: 'direct', title: null, memberCount: 2, memberVersion: 1 });
    expect(conversation.members?.map(({ userId }) => userId).sort()).toEqual([ada.userId, ben.userId].sort());
    for (const member of conversation.members ?? []) expect(member).toMatchObject({ role: 'member', joinedSeq: 0 });

    const pair = [ada.userId, ben.userId].sort();
    const position = { conversationId: conversation.id, seq: 0, memberVersion: 1, joined: pair };
    const payload = { conversationId: conversation.id, seq: 0, conversation };
    expect(heardOf(conversation.id)).toEqual([
      [{ type: 'conversation:joined', audience: { userIds: pair }, position, payload }],
    ]);
    expect(await node.access.require(node.dataSource.manager, ada, conversation.id, 'send')).toEqual({
      conversationId: conversation.id,
      kind: 'direct',
      role: 'member',
      joinedSeq: 0,
      visibleFromSeq: 0,
      lastSeq: 0,
      memberVersion: 1,
      peerId: ben.userId,
    });
  });

  it('is refused with oneself, with nobody, and with somebody who does not exist', async () => {
    expect(await codeOf(direct(ada, ada))).toBe('validation_failed');
    expect(await codeOf(node.conversations.create(ada, { kind: 'direct', memberIds: [] }))).toBe('validation_failed');
    expect(await codeOf(direct(ada, { userId: newId(), sessionId: newId() }))).toBe('user_not_found');
  });

  it('is refused in both directions of a block, also when it exists', async () => {
    await direct(ada, ben);
    await block(ada, ben);
    await block(cleo, ada);
    expect(await codeOf(direct(ada, ben))).toBe('user_blocked');
    expect(await codeOf(direct(ben, ada))).toBe('user_blocked');
    expect(await codeOf(direct(ada, cleo))).toBe('user_blocked');
    expect(await codeOf(direct(cleo, ada))).toBe('user_blocked');
  });

  it('has no title to change', async () => {
    const { conversation } = await direct(ada, ben);
    const rename = node.conversations.rename(ada, conversation.id, { title: 'Us' });
    expect(await codeOf(rename)).toBe('conversation_kind_mismatch');
  });
});

describe('a group', () => {
  it('begins with number 1, which everybody in it sees', async () => {
    const team = await group(ada, ben, cleo);
    expect(team).toMatchObject({ kind: 'group', title: 'Team', createdBy: ada.userId, memberCount: 3 });
    expect(team.memberVersion).toBe(1);
    expect(team.members?.map(({ userId, role, joinedSeq }) => [userId, role, joinedSeq])).toEqual([
      [ada.userId, 'owner', 1],
      ...[ben.userId, cleo.userId].sort().map((id) => [id, 'member', 1]),
    ]);

    const joined = [ada.userId, ben.userId, cleo.userId];
    const [change, ...more] = heardOf(team.id);
    expect(more).toEqual([]);
    expect(change?.map(({ type, audience }) => [type, audience])).toEqual([
      ['conversation:joined', { userIds: joined }],
      ['message:sent', { conversationId: team.id }],
      ['conversation:changed', { conversationId: team.id }],
    ]);
    for (const fact of change ?? []) {
      expect(fact.position).toEqual({ conversationId: team.id, seq: 1, memberVersion: 1, joined });
      expect(fact.payload).toMatchObject({ conversationId: team.id, seq: 1 });
    }
    expect(change?.[1]?.payload).toMatchObject({
      message: {
        seq: 1,
        senderId: ada.userId,
        clientId: null,
        kind: 'system',
        body: null,
        data: { event: 'group_created', title: 'Team', userIds: [ben.userId, cleo.userId] },
      },
    });
  });

  it('may begin with nobody but its owner', async () => {
    expect(await group(ada)).toMatchObject({ memberCount: 1, members: [{ userId: ada.userId, role: 'owner' }] });
  });

  it('is refused with oneself among the others, with unknown and with blocked people, and leaves nothing', async () => {
    await block(ben, ada);
    const nobody = { userId: newId(), sessionId: newId() };
    expect(await codeOf(group(ada, ada))).toBe('validation_failed');
    expect(await codeOf(group(ada, cleo, nobody))).toBe('user_not_found');
    expect(await codeOf(group(ada, cleo, ben))).toBe('user_blocked');
    expect((await node.conversations.list(cleo, {})).items).toEqual([]);
    expect(node.changes).toEqual([]);
  });

  it('is renamed in one change that touches no membership', async () => {
    const team = await group(ada, ben);
    const renamed = await node.conversations.rename(ada, team.id, { title: 'Engines' });
    expect(renamed).toEqual({ ...team, title: 'Engines' });
    const [, change] = heardOf(team.id);
    expect(change?.map(({ type }) => type)).toEqual(['message:sent', 'conversation:changed']);
    for (const fact of change ?? []) {
      expect(fact.position).toEqual({ conversationId: team.id, seq: 2, memberVersion: 1 });
    }
    expect(change?.[0]?.payload).toMatchObject({ message: { data: { event: 'title_changed', title: 'Engines' } } });
  });

  it('takes no number for the title that it has', async () => {
    const team = await group(ada);
    expect(await node.conversations.rename(ada, team.id, { title: 'Team' })).toEqual(team);
    expect((await node.access.listHeads([team.id])).get(team.id)).toEqual({ lastSeq: 1, memberVersion: 1 });
    expect(heardOf(team.id)).toHaveLength(1);
  });

  it('is renamed by owner and admins only, and is not there for strangers', async () => {
    const team = await group(ada, ben);
    const title = 'Mine';
    expect(await codeOf(node.conversations.rename(ben, team.id, { title }))).toBe('action_forbidden');
    expect(await codeOf(node.conversations.rename(cleo, team.id, { title }))).toBe('conversation_not_found');
    expect(await codeOf(node.conversations.rename(cleo, newId(), { title }))).toBe('conversation_not_found');
    expect(await codeOf(node.conversations.get(cleo, team.id))).toBe('conversation_not_found');
  });
});

describe('one’s own settings', () => {
  it('start empty, change by name, and stay one’s own', async () => {
    const team = await group(ada, ben);
    const change = (input: Parameters<typeof node.conversations.updateSettings>[2]) =>
      node.conversations.updateSettings(ada, team.id, input);
    expect(await change({})).toEqual({ mutedUntil: null, pinned: false, archived: false });
    const mutedUntil = '2030-01-01T08:00:00.000Z';
    expect(await change({ mutedUntil, pinned: true })).toEqual({ mutedUntil, pinned: true, archived: false });
    expect(await change({ archived: true })).toEqual({ mutedUntil, pinned: true, archived: true });
    expect(await change({ mutedUntil: null, pinned: false })).toEqual({
      mutedUntil: null,
      pinned: false,
      archived: true,
    });
    const [own] = (await node.conversations.list(ada, {})).items;
    const [others] = (await node.conversations.list(ben, {})).items;
    expect(own?.settings.archived).toBe(true);
    expect(others?.settings).toEqual({ mutedUntil: null, pinned: false, archived: false });
    expect(heardOf(team.id)).toHaveLength(1);
  });

  it('exist in direct conversations and not for strangers', async () => {
    const { conversation } = await direct(ada, ben);
    expect(await node.conversations.updateSettings(ada, conversation.id, { pinned: true })).toMatchObject({
      pinned: true,
    });
    const strange = node.conversations.updateSettings(cleo, conversation.id, { pinned: true });
    expect(await codeOf(strange)).toBe('conversation_not_found');
  });
});

describe('reading while one is removed', () => {
  it('shows nothing from after the removal', async () => {
    const reads = [
      async (id: string) => [await node.conversations.get(ben, id)],
      async () => (await node.conversations.list(ben, {})).items.map(({ conversation }) => conversation),
    ];
    for (const read of reads) {
      const removed = await group(ada, ben);
      const seen = await node.interrupt(
        () => read(removed.id),
        async () => {
          await node.members.remove(ada, removed.id, ben.userId);
          await node.conversations.rename(ada, removed.id, { title: 'Without Ben' });
        },
      );
      expect(seen).toEqual([removed]);
      expect(await codeOf(node.conversations.get(ben, removed.id))).toBe('conversation_not_found');
    }
  });
});
