import { randomUUID } from 'node:crypto';
import { LIMITS, type MessageView, type Problem, type SyncReply } from '@parley/contracts';
import { directOf, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('POST /v1/sync', () => {
  let app: RunningApp;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;
  let epoch: string | null = null;

  beforeAll(async () => {
    app = await startApp();
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
    epoch = (await sync(ada, {})).epoch;
  });

  afterAll(() => app.close());

  async function sync(person: Person, cursors: Record<string, number>): Promise<SyncReply> {
    const answer = await person.rest.post<SyncReply>('/sync', { epoch, cursors });
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async function say(sender: Person, body: string): Promise<number> {
    const message = { clientId: randomUUID(), body };
    return (await sender.rest.post<MessageView>(`/conversations/${group}/messages`, message)).body.seq;
  }

  it('tells what was sent and changed since the cursor, as history shows it', async () => {
    const first = await say(ada, 'Tea?');
    await say(ben, 'Yes');
    await ben.rest.put(`/conversations/${group}/messages/${first}/reactions/${encodeURIComponent('👍')}`);
    await ada.rest.patch(`/conversations/${group}/messages/${first}`, { body: 'Green tea?' });
    const history = await ben.rest.get<{ items: MessageView[] }>(`/conversations/${group}/messages`);
    const list = await ben.rest.get<{ items: unknown[] }>('/conversations');
    expect(await sync(ben, { [group]: first })).toEqual({
      epoch,
      conversations: list.body.items,
      nextCursor: null,
      updates: [{ conversationId: group, kind: 'delta', from: 2, to: 5, messages: history.body.items.slice(1) }],
      removed: [],
      more: false,
    });
  });

  it('has nothing to tell to somebody who missed nothing', async () => {
    const head = await say(ada, 'Hello');
    const direct = await directOf(ada, ben);
    const reply = await sync(ben, { [group]: head, [direct]: 0 });
    expect(reply).toMatchObject({ updates: [], removed: [], more: false });
    expect(reply.conversations.map(({ conversation }) => conversation.id)).toEqual([direct, group]);
  });

  it('begins anew with cursors of another epoch, or of none', async () => {
    const head = await say(ada, 'Hello');
    for (const other of [{ epoch: randomUUID() }, { epoch: null }, {}]) {
      const { status, body } = await ben.rest.post<SyncReply>('/sync', { ...other, cursors: { [group]: head } });
      expect(status).toBe(200);
      expect(body.updates).toMatchObject([{ kind: 'reset', head, messages: [{ seq: 1 }, { seq: head }] }]);
    }
  });

  it('says which conversations one does not belong to', async () => {
    const theirs = await groupOf(ada, cleo);
    await removeFrom(group, ada, ben);
    await say(ada, 'a secret');
    const unknown = randomUUID();
    const reply = await sync(ben, { [theirs]: 0, [group]: 1, [unknown]: 5 });
    expect([...reply.removed].sort()).toEqual([theirs, group, unknown].sort());
    expect(reply).toMatchObject({ updates: [], conversations: [], more: false });
  });

  it('takes 500 cursors', async () => {
    const unknown = Array.from({ length: LIMITS.syncCursorsMax - 1 }, () => [randomUUID(), 1] as const);
    const reply = await sync(ben, { ...Object.fromEntries(unknown), [group]: 0 });
    expect(reply.removed).toHaveLength(LIMITS.syncCursorsMax - 1);
    expect(reply.updates).toHaveLength(1);
  });

  const someId = '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a';

  it.each<object>([
    {},
    { epoch: null },
    { cursors: null },
    { cursors: [] },
    { cursors: [someId, 1] },
    { cursors: 'all' },
    { cursors: 7 },
    { cursors: { [someId]: -1 } },
    { cursors: { [someId]: 1.5 } },
    { cursors: { [someId]: '1' } },
    { cursors: { [someId]: null } },
    { cursors: { [someId]: { seq: 1 } } },
    { cursors: { [someId]: 2 ** 53 } },
    { cursors: { group: 1 } },
    { cursors: { '': 1 } },
    { cursors: { toString: 1 } },
    { cursors: { [someId.toUpperCase()]: 1 } },
    { cursors: {}, epoch: 7 },
    { cursors: {}, epoch: {} },
    { cursors: {}, epoch: 'x'.repeat(101) },
    { cursors: {}, limit: 10 },
  ])('refuses %j', async (input) => {
    expectProblem(await ben.rest.post<Problem>('/sync', input), 400, 'validation_failed');
  });

  it('refuses more than 500 cursors', async () => {
    const many = Array.from({ length: LIMITS.syncCursorsMax + 1 }, () => [randomUUID(), 1] as const);
    const refused = await ben.rest.post<Problem>('/sync', { cursors: Object.fromEntries(many) });
    expectProblem(refused, 400, 'validation_failed');
  });

  it('is for people who are logged in', async () => {
    expectProblem(await rest(app).post<Problem>('/sync', { cursors: {} }), 401, 'token_missing');
  });
});
