import { randomUUID } from 'node:crypto';
import {
  LIMITS,
  type ConversationSummary,
  type Page,
  type Problem,
  type ProfileView,
  type ReceiptView,
  type SyncReply,
} from '@parley/contracts';
import { DataSource } from 'typeorm';
import { directOf, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { seedGroup, seedUsers } from '../support/seed.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('receipts', () => {
  let app: RunningApp;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;
  /** The number of the latest message. */
  let head: number;

  beforeAll(async () => {
    app = await startApp();
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
    head = await say(ada, 'one', 'two', 'three', 'four');
  });

  afterAll(() => app.close());

  async function say(sender: Person, ...bodies: string[]): Promise<number> {
    let last = 0;
    for (const body of bodies) {
      const message = { clientId: randomUUID(), body };
      const answer = await sender.rest.post<{ seq: number }>(`/conversations/${group}/messages`, message);
      last = answer.body.seq;
    }
    return last;
  }

  const mark = (person: Person, kind: 'read' | 'delivered', seq: number) =>
    person.rest.put(`/conversations/${group}/${kind}`, { seq });

  async function listed(viewer: Person, conversationId = group): Promise<ReceiptView[]> {
    const answer = await viewer.rest.get<Page<ReceiptView>>(`/conversations/${conversationId}/receipts`);
    expect(answer.status).toBe(200);
    return answer.body.items;
  }

  async function summaryOf(viewer: Person, conversationId = group): Promise<ConversationSummary> {
    const answer = await viewer.rest.get<ConversationSummary>(`/conversations/${conversationId}/summary`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  /** Where `person` has got to, in everything that shows it to `viewer`. */
  async function shown(viewer: Person, person: Person): Promise<(number | null)[][]> {
    const list = await viewer.rest.get<Page<ConversationSummary>>('/conversations');
    const sync = await viewer.rest.post<SyncReply>('/sync', { cursors: {} });
    const places = [
      await listed(viewer),
      (await summaryOf(viewer)).receipts,
      list.body.items.find(({ conversation }) => conversation.id === group)?.receipts,
      sync.body.conversations.find(({ conversation }) => conversation.id === group)?.receipts,
    ];
    return places.map((receipts) => {
      const receipt = receipts?.find(({ userId }) => userId === person.id);
      return receipt === undefined ? [] : [receipt.readSeq, receipt.deliveredSeq];
    });
  }

  const everywhere = (readSeq: number | null, deliveredSeq: number) => Array<unknown>(4).fill([readSeq, deliveredSeq]);

  it('show everybody how far each member has got, oneself too', async () => {
    expect((await mark(ben, 'delivered', head)).status).toBe(204);
    expect((await mark(ben, 'read', 3)).status).toBe(204);
    for (const viewer of [ada, ben]) expect(await shown(viewer, ben)).toEqual(everywhere(3, head));
  });

  it('only grow, and stop at the head', async () => {
    await mark(ben, 'delivered', 4);
    await mark(ben, 'delivered', 2);
    expect(await shown(ada, ben)).toEqual(everywhere(1, 4));
    await mark(ben, 'read', 3);
    await mark(ben, 'read', 1);
    expect(await shown(ada, ben)).toEqual(everywhere(3, 4));
    await mark(ben, 'read', head + 1_000);
    expect(await shown(ada, ben)).toEqual(everywhere(head, head));
    expect(await say(ada, 'five')).toBe(head + 1);
    expect(await shown(ada, ben)).toEqual(everywhere(head, head));
  });

  it('have as delivered what is read', async () => {
    await mark(ben, 'read', 3);
    expect(await shown(ada, ben)).toEqual(everywhere(3, 3));
  });

  it('keep the highest of positions that are told at the same time', async () => {
    const moves = [2, head, 3, 1, 4].flatMap((seq) => [mark(ben, 'read', seq), mark(ben, 'delivered', seq)]);
    await Promise.all(moves);
    expect(await shown(ada, ben)).toEqual(everywhere(head, head));
  });

  it('hide from others what somebody has read who does not want to tell it, and from nobody else', async () => {
    await mark(ben, 'read', 3);
    await mark(ada, 'read', 2);
    const hidden = await ben.rest.patch<ProfileView>('/users/me', { readReceipts: false });
    expect(hidden).toMatchObject({ status: 200, body: { readReceipts: false, displayName: 'ben' } });
    expect(await shown(ada, ben)).toEqual(everywhere(null, 3));
    expect(await shown(ben, ben)).toEqual(everywhere(3, 3));
    expect(await shown(ben, ada)).toEqual(everywhere(2, 2));
    await mark(ben, 'read', head);
    expect(await shown(ada, ben)).toEqual(everywhere(null, head));
    await ben.rest.patch('/users/me', { readReceipts: true });
    expect(await shown(ada, ben)).toEqual(everywhere(head, head));
  });

  it('come in pages, by the ids of the members', async () => {
    const { dora, emil } = await people(app, 'dora', 'emil');
    const larger = await groupOf(ada, ben, cleo, dora, emil);
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/conversations/${larger}/receipts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { status, body } = await ada.rest.get<Page<ReceiptView>>(path);
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(2);
      found.push(...body.items.map(({ userId }) => userId));
      cursor = body.nextCursor;
    }
    expect(found).toEqual([ada, ben, cleo, dora, emil].map(({ id }) => id).sort());
  });

  it.each(['cursor=nonsense', 'limit=0', `limit=${LIMITS.listPageMax + 1}`, 'userId=x'])('refuse %s', async (query) => {
    expectProblem(await ada.rest.get(`/conversations/${group}/receipts?${query}`), 400, 'validation_failed');
  });

  it.each([{ seq: -1 }, { seq: 1.5 }, { seq: '1' }, { seq: null }, {}])('refuse the position %j', async (input) => {
    const refused = await ben.rest.put<Problem>(`/conversations/${group}/delivered`, input);
    expectProblem(refused, 400, 'validation_failed');
  });

  it('are for members alone', async () => {
    await removeFrom(group, ada, ben);
    for (const outsider of [ben, cleo]) {
      expectProblem(await mark(outsider, 'read', 1), 404, 'conversation_not_found');
      expectProblem(await mark(outsider, 'delivered', 1), 404, 'conversation_not_found');
      expectProblem(await outsider.rest.get(`/conversations/${group}/receipts`), 404, 'conversation_not_found');
      expectProblem(await outsider.rest.get(`/conversations/${group}/summary`), 404, 'conversation_not_found');
    }
    expect((await listed(ada)).map(({ userId }) => userId)).toEqual([ada.id]);
  });

  it('stay out of summaries of more than 50 people, and in their own list', async () => {
    const dataSource = app.app.get(DataSource);
    const others = await seedUsers(dataSource, LIMITS.membersInlineMax - 1);
    const inline = await seedGroup(dataSource, [ada.id, ...others]);
    expect((await summaryOf(ada, inline)).receipts).toHaveLength(LIMITS.membersInlineMax);
    const large = await seedGroup(dataSource, [ada.id, ben.id, ...others]);
    expect((await summaryOf(ada, large)).receipts).toBeNull();
    expect(await listed(ada, large)).toHaveLength(LIMITS.listPageDefault);
  });

  it('are part of the summary, which is the same that the list shows', async () => {
    const direct = await directOf(ada, ben);
    const list = await ada.rest.get<Page<ConversationSummary>>('/conversations');
    for (const id of [direct, group]) {
      const onList = list.body.items.find(({ conversation }) => conversation.id === id);
      expect(await summaryOf(ada, id)).toEqual(onList);
    }
    expect((await summaryOf(ada, direct)).receipts).toHaveLength(2);
  });
});

describe('one’s profile', () => {
  let app: RunningApp;
  let ada: Person;

  beforeAll(async () => {
    app = await startApp();
    ({ ada } = await people(app, 'ada'));
  });

  afterAll(() => app.close());

  it.each([
    {},
    { readReceipts: null },
    { readReceipts: 'false' },
    { readReceipts: 0 },
    { displayName: null },
    { displayName: 'Ada', readReceipts: null },
    { displayName: '' },
    { username: 'ada' },
  ])('is not changed by %j', async (input) => {
    const before = await ada.rest.get<ProfileView>('/users/me');
    expectProblem(await ada.rest.patch<Problem>('/users/me', input), 400, 'validation_failed');
    expect((await ada.rest.get<ProfileView>('/users/me')).body).toEqual(before.body);
  });

  it('takes both at once, and shows what one reads unless one says otherwise', async () => {
    expect((await ada.rest.get<ProfileView>('/users/me')).body.readReceipts).toBe(true);
    const input = { displayName: 'Ada Lovelace', readReceipts: false };
    const changed = await ada.rest.patch<ProfileView>('/users/me', input);
    expect(changed).toMatchObject({ status: 200, body: input });
    const seen = await ada.rest.get<object>(`/users/${ada.id}`);
    expect(seen.body).not.toHaveProperty('readReceipts');
  });
});
