import type { ConversationView, Role } from '@parley/contracts';
import { codeOf, startConversations, type ConversationsNode } from '../../../../test/support/conversations-node.js';
import type { Actor } from '../common/actor.js';

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

/** Again, as a client would, when so many others came first that its patience ended. */
async function insist(attempt: () => Promise<unknown>): Promise<void> {
  while ((await codeOf(attempt())) === 'service_unavailable');
}

const headOf = async (id: string) => (await node.access.listHeads([id])).get(id);

/** The members as the database has them now. */
const current = () => node.access.getView(node.dataSource.manager, team.id);

async function rolesNow(): Promise<Record<string, Role>> {
  return Object.fromEntries(((await current()).members ?? []).map(({ userId, role }) => [userId, role]));
}

describe('racing changes of members', () => {
  it('take the numbers 1 to n without a gap, each with its version', async () => {
    const crowd = await node.people(25);
    await Promise.all([
      ...crowd.map((person) => insist(() => add(ada, person))),
      ...Array.from({ length: 25 }, (_, index) =>
        insist(() => node.conversations.rename(ben, team.id, { title: `Title ${index}` })),
      ),
    ]);
    expect(await headOf(team.id)).toEqual({ lastSeq: 52, memberVersion: 27 });
    const rows: { seq: number }[] = await node.dataSource.query(
      'SELECT seq FROM messages WHERE conversation_id = $1 ORDER BY seq',
      [team.id],
    );
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 52 }, (_, index) => index + 1));

    const positions = node.changes.map(([fact]) => fact?.position);
    positions.sort((a, b) => (a?.seq ?? 0) - (b?.seq ?? 0));
    let memberVersion = 2;
    for (const [index, position] of positions.entries()) {
      if (position?.joined !== undefined) memberVersion += 1;
      expect(position).toMatchObject({ seq: index + 3, memberVersion });
    }
    const changed = node.changes.flat().filter((fact) => fact.type === 'conversation:changed');
    for (const { payload, position } of changed) {
      expect(payload.conversation.memberVersion).toBe(position?.memberVersion);
    }
    expect(await current()).toMatchObject({ memberCount: 28 });
  });

  it('let one of two handovers win', async () => {
    const codes = await Promise.all([codeOf(give(ada, ben, 'owner')), codeOf(give(ada, cleo, 'owner'))]);
    expect(codes.sort()).toEqual(['action_forbidden', 'done']);
    expect(Object.values(await rolesNow()).filter((role) => role === 'owner')).toHaveLength(1);
  });

  it('never leave a group without an owner: handover against the leaving of the heir', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [owner, heir, other] = (await node.people(3)) as [Actor, Actor, Actor];
      team = await group(owner, heir, other);
      const codes = await Promise.all([codeOf(give(owner, heir, 'owner')), codeOf(leave(heir))]);
      const owners = Object.entries(await rolesNow()).filter(([, role]) => role === 'owner');
      expect([
        ['done', 'owner_required'],
        ['member_not_found', 'done'],
      ]).toContainEqual(codes);
      expect(owners).toEqual([[codes[0] === 'done' ? heir.userId : owner.userId, 'owner']]);
    }
  });

  it('never leave a group without an owner: the last two leave at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [owner, other] = (await node.people(2)) as [Actor, Actor];
      team = await group(owner, other);
      const codes = await Promise.all([codeOf(leave(owner)), codeOf(leave(other))]);
      expect(codes[1]).toBe('done');
      expect(await rolesNow()).toEqual(codes[0] === 'done' ? {} : { [owner.userId]: 'owner' });
    }
  });

  it('judge by what a removal left: the removed one acts no more', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [owner, admin, member] = (await node.people(3)) as [Actor, Actor, Actor];
      team = await group(owner, admin, member);
      await give(owner, admin, 'admin');
      node.changes.length = 0;
      const codes = await Promise.all([codeOf(remove(owner, admin)), codeOf(remove(admin, member))]);
      expect(codes[0]).toBe('done');
      expect(['done', 'conversation_not_found']).toContain(codes[1]);
      const actors = node.changes
        .flatMap((change) => change.filter((fact) => fact.type === 'message:sent'))
        .map(({ payload }) => [payload.seq, payload.message.senderId] as const)
        .sort(([a], [b]) => a - b)
        .map(([, senderId]) => senderId);
      expect(actors).toEqual(codes[1] === 'done' ? [admin.userId, owner.userId] : [owner.userId]);
    }
  });

  it('put adding and removing of one person in an order', async () => {
    for (let round = 0; round < 10; round += 1) {
      const before = (await headOf(team.id))?.lastSeq ?? 0;
      const [added, removed] = await Promise.all([codeOf(add(ada, cleo)), codeOf(remove(ben, cleo))]);
      expect([added, removed]).toEqual(['done', 'done']);
      const isIn = cleo.userId in (await rolesNow());
      const taken = ((await headOf(team.id))?.lastSeq ?? 0) - before;
      // Removed and added anew, or found to be in it and removed.
      expect(taken).toBe(isIn ? 2 : 1);
      if (!isIn) await add(ada, cleo);
    }
  });

  it('let 20 additions of one person count once', async () => {
    const [dora] = (await node.people(1)) as [Actor];
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(add(ada, dora))));
    expect(new Set(codes)).toEqual(new Set(['done']));
    expect(await headOf(team.id)).toEqual({ lastSeq: 3, memberVersion: 3 });
    expect(node.changes).toHaveLength(1);
  });
});
