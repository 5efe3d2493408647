import { randomUUID } from 'node:crypto';
import type { ConversationView, MemberView, MessagePage, Page, Problem } from '@parley/contracts';
import { addTo, directOf, groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import type { Answer } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

let app: RunningApp;
let ada: Person, ben: Person, cleo: Person;

beforeAll(async () => {
  app = await startApp();
});

beforeEach(async () => {
  ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
});

afterAll(() => app.close());

const refusalOf = ({ status, body }: Answer<unknown>) => [status, (body as Problem).code];

async function block(one: Person, other: Person): Promise<void> {
  expect((await one.rest.put(`/users/me/blocks/${other.id}`)).status).toBe(204);
}

/** What the system messages of a conversation tell, in order. */
async function eventsOf(person: Person, id: string): Promise<unknown[]> {
  const { body } = await person.rest.get<MessagePage>(`/conversations/${id}/messages`);
  return body.items.map(({ data }) => data);
}

describe('GET /conversations/:id/members', () => {
  it('pages through the members, the owner first', async () => {
    const id = await groupOf(ada, ben);
    await addTo(id, ada, cleo);
    const first = await cleo.rest.get<Page<MemberView>>(`/conversations/${id}/members?limit=2`);
    expect(first.status).toBe(200);
    expect(first.body.items).toEqual([
      { userId: ada.id, username: ada.username, displayName: 'ada', role: 'owner', joinedSeq: 1 },
      { userId: ben.id, username: ben.username, displayName: 'ben', role: 'member', joinedSeq: 1 },
    ]);
    const cursor = first.body.nextCursor ?? '';
    const second = await cleo.rest.get<Page<MemberView>>(`/conversations/${id}/members?limit=2&cursor=${cursor}`);
    expect(second.body).toEqual({ items: [expect.objectContaining({ userId: cleo.id })], nextCursor: null });
  });

  it('refuses strangers and cursors of another list', async () => {
    const [one, two] = [await groupOf(ada), await groupOf(ada)];
    expect(refusalOf(await ben.rest.get(`/conversations/${one}/members`))).toEqual([404, 'conversation_not_found']);
    const { nextCursor } = (await ada.rest.get<Page<unknown>>('/conversations?limit=1')).body;
    const refused = await ada.rest.get(`/conversations/${two}/members?cursor=${nextCursor ?? ''}`);
    expect(refusalOf(refused)).toEqual([400, 'validation_failed']);
  });
});

describe('POST /conversations/:id/members', () => {
  it('adds people, who see the history from then on', async () => {
    const id = await groupOf(ada, ben);
    const { status, body } = await ada.rest.post<ConversationView>(`/conversations/${id}/members`, {
      userIds: [ben.id, cleo.id],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ memberCount: 3, memberVersion: 2 });
    expect(await eventsOf(cleo, id)).toEqual([{ event: 'members_added', userIds: [cleo.id] }]);
  });

  it('refuses members, direct conversations, blocked and unknown people, and what is no list', async () => {
    const [group, direct] = [await groupOf(ada, ben), await directOf(ada, ben)];
    const { dora } = await people(app, 'dora');
    await block(cleo, ada);
    const add = async (person: Person, id: string, userIds: unknown) =>
      refusalOf(await person.rest.post(`/conversations/${id}/members`, { userIds }));
    expect(await add(ben, group, [dora.id])).toEqual([403, 'action_forbidden']);
    expect(await add(dora, group, [dora.id])).toEqual([404, 'conversation_not_found']);
    expect(await add(ada, direct, [dora.id])).toEqual([409, 'conversation_kind_mismatch']);
    expect(await add(ada, group, [dora.id, cleo.id])).toEqual([403, 'user_blocked']);
    expect(await add(ada, group, [dora.id, randomUUID()])).toEqual([404, 'user_not_found']);
    for (const userIds of [[], 'dora', [dora.id, dora.id], ['dora'], null, undefined]) {
      expect(await add(ada, group, userIds)).toEqual([400, 'validation_failed']);
    }
    expect((await ada.rest.get<ConversationView>(`/conversations/${group}`)).body.memberCount).toBe(2);
  });
});

describe('PATCH /conversations/:id/members/:userId', () => {
  const changeRole = (person: Person, id: string, of: { id: string }, role: unknown) =>
    person.rest.patch<ConversationView>(`/conversations/${id}/members/${of.id}`, { role });

  it('makes admins and members, and hands ownership over', async () => {
    const id = await groupOf(ada, ben, cleo);
    expect((await changeRole(ada, id, ben, 'admin')).status).toBe(200);
    expect((await changeRole(ada, id, ben, 'admin')).body.memberVersion).toBe(2);
    expect((await changeRole(ada, id, ben, 'member')).body.memberVersion).toBe(3);
    const { body } = await changeRole(ada, id, cleo, 'owner');
    expect(body.members?.map(({ userId, role }) => [userId, role])).toEqual([
      [cleo.id, 'owner'],
      [ada.id, 'admin'],
      [ben.id, 'member'],
    ]);
    expect((await eventsOf(ben, id)).slice(1)).toEqual([
      { event: 'role_changed', userIds: [ben.id], role: 'admin' },
      { event: 'role_changed', userIds: [ben.id], role: 'member' },
      { event: 'ownership_transferred', userIds: [cleo.id] },
    ]);
  });

  it('refuses everybody but the owner, and the owner their own role', async () => {
    const id = await groupOf(ada, ben);
    expect(refusalOf(await changeRole(ben, id, ben, 'owner'))).toEqual([403, 'action_forbidden']);
    expect(refusalOf(await changeRole(cleo, id, cleo, 'owner'))).toEqual([404, 'conversation_not_found']);
    expect(refusalOf(await changeRole(ada, id, cleo, 'admin'))).toEqual([404, 'member_not_found']);
    expect(refusalOf(await changeRole(ada, id, ada, 'member'))).toEqual([409, 'owner_required']);
    expect(refusalOf(await changeRole(ada, id, ben, 'king'))).toEqual([400, 'validation_failed']);
    expect(refusalOf(await changeRole(ada, id, { id: 'ben' }, 'admin'))).toEqual([400, 'validation_failed']);
    const direct = await directOf(ada, ben);
    expect(refusalOf(await changeRole(ada, direct, ben, 'admin'))).toEqual([409, 'conversation_kind_mismatch']);
  });
});

describe('DELETE /conversations/:id/members/:userId', () => {
  const remove = (person: Person, id: string, of: { id: string }) =>
    person.rest.delete(`/conversations/${id}/members/${of.id}`);

  it('removes a member, who finds nothing any more', async () => {
    const id = await groupOf(ada, ben);
    expect(await remove(ada, id, ben)).toMatchObject({ status: 204, body: null });
    expect(refusalOf(await remove(ada, id, ben))).toEqual([404, 'member_not_found']);
    expect((await ben.rest.get<Page<unknown>>('/conversations')).body.items).toEqual([]);
    expect((await eventsOf(ada, id)).at(-1)).toEqual({ event: 'member_removed', userIds: [ben.id] });
  });

  it('lets members leave, and the owner when they are alone or have handed over', async () => {
    const id = await groupOf(ada, ben, cleo);
    expect(refusalOf(await remove(ada, id, ada))).toEqual([409, 'owner_required']);
    expect((await remove(ben, id, ben)).status).toBe(204);
    expect((await eventsOf(ada, id)).at(-1)).toEqual({ event: 'member_left', userIds: [ben.id] });
    await ada.rest.patch(`/conversations/${id}/members/${cleo.id}`, { role: 'owner' });
    expect((await remove(ada, id, ada)).status).toBe(204);
    expect((await remove(cleo, id, cleo)).status).toBe(204);
  });

  it('refuses members, admins against admins, and direct conversations', async () => {
    const { dora } = await people(app, 'dora');
    const id = await groupOf(ada, ben, cleo, dora);
    for (const admin of [ben, cleo])
      await ada.rest.patch(`/conversations/${id}/members/${admin.id}`, { role: 'admin' });
    expect(refusalOf(await remove(dora, id, ben))).toEqual([403, 'action_forbidden']);
    expect(refusalOf(await remove(ben, id, cleo))).toEqual([403, 'action_forbidden']);
    expect(refusalOf(await remove(ben, id, ada))).toEqual([403, 'action_forbidden']);
    expect((await remove(ben, id, dora)).status).toBe(204);
    expect(refusalOf(await remove(dora, id, dora))).toEqual([404, 'conversation_not_found']);
    const direct = await directOf(ada, ben);
    expect(refusalOf(await remove(ada, direct, ada))).toEqual([409, 'conversation_kind_mismatch']);
  });
});
