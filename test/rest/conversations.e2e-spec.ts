import { randomUUID } from 'node:crypto';
import type {
  ConversationSettingsView,
  ConversationSummary,
  ConversationView,
  MessagePage,
  Page,
  Problem,
} from '@parley/contracts';
import { directOf, groupOf, removeFrom } from '../support/groups.js';
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

const create = (person: Person, input: object) => person.rest.post<ConversationView>('/conversations', input);
const refusalOf = ({ status, body }: Answer<unknown>) => [status, (body as Problem).code];

async function block(one: Person, other: Person): Promise<void> {
  expect((await one.rest.put(`/users/me/blocks/${other.id}`)).status).toBe(204);
}

/** What the system messages of a conversation tell, in order. */
async function eventsOf(person: Person, id: string): Promise<unknown[]> {
  const { body } = await person.rest.get<MessagePage>(`/conversations/${id}/messages`);
  return body.items.map(({ data }) => data);
}

describe('POST /conversations', () => {
  it('starts a direct conversation once, whoever of the two asks', async () => {
    const first = await create(ada, { kind: 'direct', memberIds: [ben.id] });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ kind: 'direct', title: null, createdBy: ada.id, memberCount: 2 });
    expect(first.body.members?.map(({ username }) => username).sort()).toEqual([ada.username, ben.username].sort());

    const again = await create(ada, { kind: 'direct', memberIds: [ben.id] });
    const other = await create(ben, { kind: 'direct', memberIds: [ada.id.toUpperCase()] });
    expect([again.status, other.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(other.body).toEqual(first.body);
  });

  it('starts a group with its creator as owner', async () => {
    const { status, body } = await create(ada, { kind: 'group', title: '  Tea\u0301 ', memberIds: [ben.id, cleo.id] });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      kind: 'group',
      title: 'Te\u00e1'.normalize('NFC'),
      createdBy: ada.id,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      memberCount: 3,
      memberVersion: 1,
      members: [
        { userId: ada.id, username: ada.username, displayName: 'ada', role: 'owner', joinedSeq: 1 },
        ...[ben, cleo]
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .map(({ id, username, displayName }) => ({
            userId: id,
            username,
            displayName,
            role: 'member',
            joinedSeq: 1,
          })),
      ],
    });
    expect(await eventsOf(cleo, body.id)).toEqual([
      { event: 'group_created', title: body.title, userIds: [ben.id, cleo.id] },
    ]);
  });

  it('refuses people who block one another, and people who do not exist', async () => {
    await block(ben, ada);
    await block(ada, cleo);
    for (const memberIds of [[ben.id], [cleo.id]]) {
      expect(refusalOf(await create(ada, { kind: 'direct', memberIds }))).toEqual([403, 'user_blocked']);
      expect(refusalOf(await create(ada, { kind: 'group', title: 'Tea', memberIds }))).toEqual([403, 'user_blocked']);
    }
    const memberIds = [randomUUID()];
    expect(refusalOf(await create(ada, { kind: 'direct', memberIds }))).toEqual([404, 'user_not_found']);
    expect(refusalOf(await create(ada, { kind: 'group', title: 'Tea', memberIds }))).toEqual([404, 'user_not_found']);
  });

  const somebody = randomUUID();
  it.each<[string, (self: string) => object, string]>([
    ['no kind', () => ({ memberIds: [somebody] }), 'kind'],
    ['an unknown kind', () => ({ kind: 'channel', memberIds: [somebody] }), 'kind'],
    ['a direct conversation with nobody', () => ({ kind: 'direct', memberIds: [] }), 'memberIds'],
    ['a direct conversation with two', () => ({ kind: 'direct', memberIds: [somebody, randomUUID()] }), 'memberIds'],
    ['a direct conversation with oneself', (self) => ({ kind: 'direct', memberIds: [self] }), 'memberIds'],
    ['a direct conversation with a title', () => ({ kind: 'direct', title: 'x', memberIds: [somebody] }), 'title'],
    ['a group with oneself', (self) => ({ kind: 'group', title: 'x', memberIds: [self] }), 'memberIds'],
    ['a group without a title', () => ({ kind: 'group', memberIds: [] }), 'title'],
    ['a null title', () => ({ kind: 'group', title: null, memberIds: [] }), 'title'],
    ['a blank title', () => ({ kind: 'group', title: '  ', memberIds: [] }), 'title'],
    ['a title that nobody can see', () => ({ kind: 'group', title: '\u2060\u3164', memberIds: [] }), 'title'],
    ['a title of 101 characters', () => ({ kind: 'group', title: 'x'.repeat(101), memberIds: [] }), 'title'],
    ['a title of two lines', () => ({ kind: 'group', title: 'a\nb', memberIds: [] }), 'title'],
    ['NUL in a title', () => ({ kind: 'group', title: 'a\u0000b', memberIds: [] }), 'title'],
    ['half a surrogate pair in a title', () => ({ kind: 'group', title: 'a\ud800', memberIds: [] }), 'title'],
    ['no members', () => ({ kind: 'group', title: 'x' }), 'memberIds'],
    ['members that are no list', () => ({ kind: 'group', title: 'x', memberIds: { 0: somebody } }), 'memberIds'],
    ['a member that is no id', () => ({ kind: 'group', title: 'x', memberIds: ['ben'] }), 'memberIds'],
    ['a member that is a list', () => ({ kind: 'group', title: 'x', memberIds: [[somebody]] }), 'memberIds'],
    [
      'somebody twice',
      () => ({ kind: 'group', title: 'x', memberIds: [somebody, somebody.toUpperCase()] }),
      'memberIds',
    ],
    [
      '101 members',
      () => ({ kind: 'group', title: 'x', memberIds: Array.from({ length: 101 }, () => randomUUID()) }),
      'memberIds',
    ],
    ['an unknown field', () => ({ kind: 'group', title: 'x', memberIds: [], id: somebody }), 'id'],
  ])('refuses %s and makes nothing', async (_what, input, path) => {
    const refused = await create(ada, input(ada.id));
    expect(refusalOf(refused)).toEqual([400, 'validation_failed']);
    const { errors } = refused.body as unknown as Problem;
    expect(errors?.map((error) => error.path.split('.')[0])).toContain(path);
    expect((await ada.rest.get<Page<ConversationSummary>>('/conversations')).body.items).toEqual([]);
  });
});

describe('GET /conversations', () => {
  it('pages through one’s conversations, the last active first', async () => {
    const [one, two, three] = [await groupOf(ada, ben), await directOf(ada, ben), await groupOf(ada)];
    const send = { clientId: randomUUID(), body: 'Hello' };
    expect((await ben.rest.post(`/conversations/${one}/messages`, send)).status).toBe(201);

    const first = await ada.rest.get<Page<ConversationSummary>>('/conversations?limit=2');
    expect(first.status).toBe(200);
    expect(first.body.items.map(({ conversation }) => conversation.id)).toEqual([one, three]);
    const rest = await ada.rest.get<Page<ConversationSummary>>(
      `/conversations?limit=2&cursor=${first.body.nextCursor ?? ''}`,
    );
    expect(rest.body.items.map(({ conversation }) => conversation.id)).toEqual([two]);
    expect(rest.body.nextCursor).toBeNull();

    const view = (await ada.rest.get<ConversationView>(`/conversations/${one}`)).body;
    expect(first.body.items[0]).toEqual({
      conversation: view,
      role: 'owner',
      lastSeq: 2,
      visibleFromSeq: 1,
      readSeq: 1,
      unread: 1,
      mentions: 0,
      lastMessage: expect.objectContaining({ seq: 2, senderId: ben.id, body: 'Hello' }),
      lastActivityAt: expect.stringMatching(/^\d{4}-.*Z$/),
      receipts: [ada, ben]
        .map(({ id }) => ({ userId: id, readSeq: 1, deliveredSeq: 1 }))
        .sort((a, b) => (a.userId < b.userId ? -1 : 1)),
      settings: { mutedUntil: null, pinned: false, archived: false },
    });
    expect((await cleo.rest.get('/conversations')).body).toEqual({ items: [], nextCursor: null });
  });

  it.each(['limit=0', 'limit=101', 'limit=ten', 'cursor=', 'cursor=nonsense', 'after=1'])(
    'refuses %s',
    async (query) => {
      expect(refusalOf(await ada.rest.get(`/conversations?${query}`))).toEqual([400, 'validation_failed']);
    },
  );
});

describe('GET /conversations/:id', () => {
  it('shows a conversation to its members, and to nobody else', async () => {
    const id = await groupOf(ada, ben);
    const { status, body } = await ben.rest.get<ConversationView>(`/conversations/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, title: 'Tea', memberCount: 2 });
    const notFound = [404, 'conversation_not_found'];
    expect(refusalOf(await cleo.rest.get(`/conversations/${id}`))).toEqual(notFound);
    expect(refusalOf(await ada.rest.get(`/conversations/${randomUUID()}`))).toEqual(notFound);
    await removeFrom(id, ada, ben);
    expect(refusalOf(await ben.rest.get(`/conversations/${id}`))).toEqual(notFound);
    expect(refusalOf(await ada.rest.get('/conversations/here'))).toEqual([400, 'validation_failed']);
  });
});

describe('PATCH /conversations/:id', () => {
  it('renames a group', async () => {
    const id = await groupOf(ada, ben);
    const { status, body } = await ada.rest.patch<ConversationView>(`/conversations/${id}`, { title: 'Coffee' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ title: 'Coffee', memberVersion: 1 });
    await ada.rest.patch(`/conversations/${id}`, { title: ' Coffee ' });
    expect(await eventsOf(ben, id)).toEqual([
      expect.objectContaining({ event: 'group_created' }),
      { event: 'title_changed', title: 'Coffee' },
    ]);
  });

  it('refuses members, direct conversations, and what is no title', async () => {
    const [group, direct] = [await groupOf(ada, ben), await directOf(ada, ben)];
    const title = 'Coffee';
    expect(refusalOf(await ben.rest.patch(`/conversations/${group}`, { title }))).toEqual([403, 'action_forbidden']);
    expect(refusalOf(await ada.rest.patch(`/conversations/${direct}`, { title }))).toEqual([
      409,
      'conversation_kind_mismatch',
    ]);
    for (const input of [{}, { title: '' }, { title: 7 }, { title, kind: 'direct' }, [], null]) {
      expect(refusalOf(await ada.rest.patch(`/conversations/${group}`, input))).toEqual([400, expect.any(String)]);
    }
  });
});

describe('PATCH /conversations/:id/settings', () => {
  it('mutes, pins and archives for oneself', async () => {
    const id = await directOf(ada, ben);
    const change = (input: object) => ada.rest.patch<ConversationSettingsView>(`/conversations/${id}/settings`, input);
    const muted = await change({ mutedUntil: '2030-01-01T10:00:00+02:00', pinned: true });
    expect(muted.status).toBe(200);
    expect(muted.body).toEqual({ mutedUntil: '2030-01-01T08:00:00.000Z', pinned: true, archived: false });
    expect((await change({ mutedUntil: null, archived: true })).body).toEqual({
      mutedUntil: null,
      pinned: true,
      archived: true,
    });
    const theirs = (await ben.rest.get<Page<ConversationSummary>>('/conversations')).body.items[0];
    expect(theirs?.settings).toEqual({ mutedUntil: null, pinned: false, archived: false });
    const strange = await cleo.rest.patch(`/conversations/${id}/settings`, { pinned: true });
    expect(refusalOf(strange)).toEqual([404, 'conversation_not_found']);
  });

  it.each([
    { mutedUntil: 'tomorrow' },
    { mutedUntil: '2030-01-01' },
    { mutedUntil: '2030-01-01T08:00:00' },
    { mutedUntil: '2030-02-30T08:00:00Z' },
    { mutedUntil: '1969-12-31T23:59:59Z' },
    { mutedUntil: 1_900_000_000_000 },
    { pinned: null },
    { pinned: 'yes' },
    { archived: 1 },
    { readSeq: 7 },
  ])('refuses %j', async (input) => {
    const id = await groupOf(ada);
    const refused = await ada.rest.patch(`/conversations/${id}/settings`, input);
    expect(refusalOf(refused)).toEqual([400, 'validation_failed']);
  });
});
