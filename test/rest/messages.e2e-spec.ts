import { randomUUID } from 'node:crypto';
import type { ConversationView, MessagePage, MessageView, Problem, SentMessageView } from '@parley/contracts';
import { addTo, groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('messages over REST', () => {
  let app: RunningApp;
  let ada: Person, ben: Person, cleo: Person;

  beforeAll(async () => {
    app = await startApp();
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
  });

  afterAll(() => app.close());

  const text = (body: string, extra: object = {}): object => ({ clientId: randomUUID(), body, ...extra });

  async function send(person: Person, conversationId: string, input: object): Promise<SentMessageView> {
    const answer = await person.rest.post<SentMessageView>(`/conversations/${conversationId}/messages`, input);
    expect(answer.status).toBe(201);
    return answer.body;
  }

  async function page(person: Person, conversationId: string, query = ''): Promise<MessagePage> {
    const answer = await person.rest.get<MessagePage>(`/conversations/${conversationId}/messages${query}`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  const seqs = (items: readonly MessageView[]): number[] => items.map((message) => message.seq);
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it('answers 201 with the message as everybody sees it', async () => {
    const id = await groupOf(ada, ben);
    const clientId = randomUUID();
    const sent = await send(ada, id, { clientId, body: 'Hello, Ben!' });
    expect(sent).toEqual({
      conversationId: id,
      seq: 2,
      senderId: ada.id,
      clientId,
      kind: 'text',
      body: 'Hello, Ben!',
      data: null,
      replyTo: null,
      mentions: [],
      mentionsAll: false,
      reactions: [],
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      editedAt: null,
      deletedAt: null,
      changedSeq: null,
      version: 1,
      duplicate: false,
    });
    const { duplicate: _, ...view } = sent;
    expect((await page(ben, id)).items.at(-1)).toEqual(view);
  });

  it('answers 200 with the original when a send is repeated', async () => {
    const id = await groupOf(ada, ben);
    const input = text('Once');
    const first = await send(ada, id, input);
    const again = await ada.rest.post<SentMessageView>(`/conversations/${id}/messages`, input);
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ ...first, duplicate: true });
  });

  it('stores 64 parallel repetitions once', async () => {
    const id = await groupOf(ada, ben);
    const input = text('Once');
    const answers = await Promise.all(
      range(1, 64).map(() => ada.rest.post<SentMessageView>(`/conversations/${id}/messages`, input)),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.body.seq))).toEqual(new Set([2]));
    expect(seqs((await page(ben, id)).items)).toEqual([1, 2]);
  });

  it('refuses the same client id with another text', async () => {
    const id = await groupOf(ada, ben);
    const clientId = randomUUID();
    await send(ada, id, { clientId, body: 'one' });
    const refused = await ada.rest.post<Problem>(`/conversations/${id}/messages`, { clientId, body: 'two' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'client_id_reused', retryable: false } });
  });

  it('keeps the text in NFC and knows a repetition in another form', async () => {
    const id = await groupOf(ada, ben);
    const clientId = randomUUID();
    const sent = await send(ada, id, { clientId, body: 'Cafe\u0301' });
    expect(sent.body).toBe('Caf\u00e9');
    const again = await ada.rest.post(`/conversations/${id}/messages`, { clientId, body: 'Caf\u00e9' });
    expect(again.status).toBe(200);
  });

  it.each([
    ['an empty body', { body: '' }],
    ['a blank body', { body: ' \n\t ' }],
    ['a body that nobody can see', { body: '\u200b\u2060\ufe0f' }],
    ['a body of 4,001 characters', { body: 'x'.repeat(4_001) }],
    ['a body of 4,001 emoji', { body: '😀'.repeat(4_001) }],
    ['NUL', { body: 'a\u0000b' }],
    ['half a surrogate pair', { body: 'a\ud800b' }],
    ['a number as body', { body: 7 }],
    ['no body', { body: undefined }],
    ['a client id that is no UUID', { body: 'x', clientId: 'abc' }],
    ['a reply to no number', { body: 'x', replyTo: '2' }],
    ['a reply to a fraction', { body: 'x', replyTo: 1.5 }],
    ['an unknown field', { body: 'x', senderId: randomUUID() }],
  ])('refuses %s and stores nothing', async (_what, input) => {
    const id = await groupOf(ada, ben);
    const refused = await ada.rest.post<Problem>(`/conversations/${id}/messages`, text('', input));
    expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(refused.body.errors).not.toHaveLength(0);
    expect(seqs((await page(ada, id)).items)).toEqual([1]);
  });

  it.each(['ü', '€', '😀'])('stores a body of exactly 4,000 times %s', async (character) => {
    const id = await groupOf(ada, ben);
    const body = character.repeat(4_000);
    expect((await send(ada, id, text(body))).body).toBe(body);
  });

  it('lets a message answer another, and only one that is there', async () => {
    const id = await groupOf(ada, ben);
    const question = await send(ada, id, text('Tea?'));
    expect((await send(ben, id, text('Yes', { replyTo: question.seq }))).replyTo).toBe(question.seq);
    const refused = await ben.rest.post<Problem>(`/conversations/${id}/messages`, text('Yes', { replyTo: 99 }));
    expect(refused).toMatchObject({ status: 422, body: { code: 'reply_target_not_found' } });
  });

  it('pages through the history in both directions without a gap or a repetition', async () => {
    const id = await groupOf(ada, ben);
    for (const number of range(2, 25)) await send(ada, id, text(String(number)));

    const newest = await page(ben, id, '?limit=10');
    expect([seqs(newest.items), newest.before, newest.after]).toEqual([range(16, 25), 16, null]);
    const middle = await page(ben, id, '?limit=10&before=16');
    expect([seqs(middle.items), middle.before, middle.after]).toEqual([range(6, 15), 6, 15]);
    const oldest = await page(ben, id, '?limit=10&before=6');
    expect([seqs(oldest.items), oldest.before, oldest.after]).toEqual([range(1, 5), null, 5]);

    const first = await page(ben, id, '?limit=10&after=0');
    expect([seqs(first.items), first.before, first.after]).toEqual([range(1, 10), null, 10]);
    const last = await page(ben, id, '?limit=10&after=20');
    expect([seqs(last.items), last.before, last.after]).toEqual([range(21, 25), 21, null]);
    const beyond = await page(ben, id, '?after=25');
    expect([seqs(beyond.items), beyond.before, beyond.after]).toEqual([[], 26, null]);
  });

  it('shows the surroundings of a message, also at the ends', async () => {
    const id = await groupOf(ada, ben);
    for (const number of range(2, 25)) await send(ada, id, text(String(number)));
    const inside = await page(ben, id, '?limit=10&around=12');
    expect([seqs(inside.items), inside.before, inside.after]).toEqual([range(7, 16), 7, 16]);
    const start = await page(ben, id, '?limit=10&around=2');
    expect([seqs(start.items), start.before, start.after]).toEqual([range(1, 10), null, 10]);
    const end = await page(ben, id, '?limit=10&around=25');
    expect([seqs(end.items), end.before, end.after]).toEqual([range(16, 25), 16, null]);
  });

  it.each(['?limit=0', '?limit=101', '?limit=ten', '?before=-1', '?before=1&after=2', '?around=x', '?page=2'])(
    'refuses the history query %s',
    async (query) => {
      const id = await groupOf(ada, ben);
      const refused = await ada.rest.get<Problem>(`/conversations/${id}/messages${query}`);
      expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );

  it('shows one message by its number', async () => {
    const id = await groupOf(ada, ben);
    const sent = await send(ada, id, text('Here'));
    const found = await ben.rest.get<MessageView>(`/conversations/${id}/messages/${sent.seq}`);
    expect(found).toMatchObject({ status: 200, body: { seq: sent.seq, body: 'Here' } });
    const missing = await ben.rest.get<Problem>(`/conversations/${id}/messages/99`);
    expect(missing).toMatchObject({ status: 404, body: { code: 'message_not_found' } });
  });

  it('begins the history of a new member with their joining', async () => {
    const id = await groupOf(ada, ben);
    const before = await send(ada, id, text('Before Cleo'));
    await ada.rest.post(`/conversations/${id}/members`, { userIds: [cleo.id] });
    const after = await send(ada, id, text('Welcome'));
    expect(seqs((await page(cleo, id)).items)).toEqual([before.seq + 1, after.seq]);
    expect(seqs((await page(cleo, id, '?after=0')).items)).toEqual([before.seq + 1, after.seq]);
    const hidden = await cleo.rest.get<Problem>(`/conversations/${id}/messages/${before.seq}`);
    expect(hidden.body.code).toBe('message_not_found');
  });

  it('shows nothing to somebody who was removed, but still answers their earlier send', async () => {
    const id = await groupOf(ada, ben);
    const input = text('Before I go');
    const sent = await send(ben, id, input);
    await ada.rest.delete(`/conversations/${id}/members/${ben.id}`);
    const history = await ben.rest.get<Problem>(`/conversations/${id}/messages`);
    expect(history).toMatchObject({ status: 404, body: { code: 'conversation_not_found' } });
    const refused = await ben.rest.post<Problem>(`/conversations/${id}/messages`, text('Still here?'));
    expect(refused).toMatchObject({ status: 404, body: { code: 'conversation_not_found' } });
    const again = await ben.rest.post<SentMessageView>(`/conversations/${id}/messages`, input);
    expect(again).toMatchObject({ status: 200, body: { seq: sent.seq, duplicate: true } });
  });

  it('does not show to somebody who was removed, or came back, what became of their earlier send', async () => {
    const id = await groupOf(ada, ben, cleo);
    const inputs = [text(`@${cleo.username} Tea?`), text(`@${cleo.username} Cake?`), text('Milk?')] as const;
    const sent = [await send(ben, id, inputs[0]), await send(ben, id, inputs[1]), await send(ben, id, inputs[2])];
    const pathOf = (index: number): string => `/conversations/${id}/messages/${sent[index]?.seq}`;
    await ada.rest.put(`${pathOf(2)}/reactions/${encodeURIComponent('👍')}`);
    const known = (await ben.rest.get<MessageView>(pathOf(2))).body;
    await ada.rest.delete(`/conversations/${id}/members/${ben.id}`);
    await ada.rest.delete(pathOf(0));
    await ada.rest.put(`${pathOf(1)}/reactions/${encodeURIComponent('👍')}`);
    const repeat = async (index: 0 | 1 | 2): Promise<SentMessageView> => {
      const again = await ben.rest.post<SentMessageView>(`/conversations/${id}/messages`, inputs[index]);
      expect(again.status).toBe(200);
      return again.body;
    };
    const asSent = [
      { ...sent[0], mentions: [], mentionsAll: false, duplicate: true },
      { ...sent[1], duplicate: true },
    ];
    expect([await repeat(0), await repeat(1)]).toEqual(asSent);
    expect(await repeat(2)).toEqual({ ...known, duplicate: true });
    await addTo(id, ada, ben);
    expect([await repeat(0), await repeat(1)]).toEqual(asSent);
  });

  it('puts a send strictly before or strictly after a removal', async () => {
    const id = await groupOf(ada, ben);
    const sends = range(1, 20).map((turn) =>
      ben.rest.post<SentMessageView>(`/conversations/${id}/messages`, text(`${turn}`)),
    );
    const removal = ada.rest.delete(`/conversations/${id}/members/${ben.id}`);
    const answers = await Promise.all(sends);
    await removal;
    const { items } = await page(ada, id, '?limit=100');
    const removed = items.find((message) => message.data?.event === 'member_removed');
    const bens = items.filter((message) => message.senderId === ben.id);
    expect(seqs(items)).toEqual(range(1, items.length));
    expect(bens.every((message) => message.seq < (removed?.seq ?? 0))).toBe(true);
    expect(bens).toHaveLength(answers.filter((answer) => answer.status === 201).length);
  });

  it('refuses both people of a block in their direct conversation', async () => {
    const created = await ada.rest.post<ConversationView>('/conversations', { kind: 'direct', memberIds: [ben.id] });
    const path = `/conversations/${created.body.id}/messages`;
    expect((await ben.rest.post(path, text('Hello'))).status).toBe(201);
    await ada.rest.put(`/users/me/blocks/${ben.id}`);
    for (const person of [ada, ben]) {
      expect(await person.rest.post<Problem>(path, text('Hello?'))).toMatchObject({
        status: 403,
        body: { code: 'user_blocked' },
      });
    }
    await ada.rest.delete(`/users/me/blocks/${ben.id}`);
    expect((await ben.rest.post(path, text('Hello!'))).status).toBe(201);
  });
});
