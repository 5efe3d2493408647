import { randomUUID } from 'node:crypto';
import type { MessagePage, MessageView, Problem, SentMessageView } from '@parley/contracts';
import { addTo, directOf, groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import type { Answer } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('changing messages over REST', () => {
  let app: RunningApp;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;

  beforeAll(async () => {
    app = await startApp();
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
  });

  afterAll(() => app.close());

  async function say(person: Person, body: string, conversationId = group): Promise<MessageView> {
    const input = { clientId: randomUUID(), body };
    const answer = await person.rest.post<SentMessageView>(`/conversations/${conversationId}/messages`, input);
    expect(answer.status).toBe(201);
    const { duplicate: _, ...message } = answer.body;
    return message;
  }

  const pathOf = ({ conversationId, seq }: MessageView): string => `/conversations/${conversationId}/messages/${seq}`;
  const reactionOf = (message: MessageView, emoji: string): string =>
    `${pathOf(message)}/reactions/${encodeURIComponent(emoji)}`;

  const edit = (person: Person, message: MessageView, input: object): Promise<Answer<MessageView>> =>
    person.rest.patch(pathOf(message), input);
  const remove = (person: Person, message: MessageView, query = ''): Promise<Answer<MessageView>> =>
    person.rest.delete(pathOf(message) + query);

  it('shows everybody the edited text, in its place', async () => {
    const message = await say(ben, 'Tea?');
    await say(ada, 'Which?');
    const edited = await edit(ben, message, { body: 'Green tea?', version: 1 });
    expect(edited.status).toBe(200);
    const editedAt = expect.stringMatching(/Z$/) as string;
    expect(edited.body).toEqual({ ...message, body: 'Green tea?', editedAt, version: 2, changedSeq: 4 });
    const history = await ada.rest.get<MessagePage>(`/conversations/${group}/messages`);
    expect(history.body.items[1]).toEqual(edited.body);
    expect(history.body.items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('answers an edit that is repeated like the first', async () => {
    const message = await say(ben, 'Tea?');
    const first = await edit(ben, message, { body: 'Green tea?', version: 1 });
    expect(await edit(ben, message, { body: 'Green tea?', version: 1 })).toMatchObject({
      status: 200,
      body: first.body,
    });
  });

  it('keeps an edited text in NFC, and knows the same text in another form', async () => {
    const message = await say(ben, 'Tea?');
    const edited = await edit(ben, message, { body: 'Cafe\u0301?' });
    expect(edited.body.body).toBe('Caf\u00e9?');
    expect((await edit(ben, message, { body: 'Caf\u00e9?' })).body.changedSeq).toBe(edited.body.changedSeq);
  });

  it.each([
    ['no body', {}],
    ['a blank body', { body: ' \n' }],
    ['a body of 4,001 characters', { body: 'x'.repeat(4_001) }],
    ['NUL', { body: 'a\u0000b' }],
    ['a version that is no number', { body: 'x', version: '1' }],
    ['a version of zero', { body: 'x', version: 0 }],
    ['a fraction of a version', { body: 'x', version: 1.5 }],
    ['an unknown field', { body: 'x', editedAt: null }],
  ])('refuses to edit with %s', async (_what, input) => {
    const message = await say(ben, 'Tea?');
    expectProblem(await edit(ben, message, input), 400, 'validation_failed');
    expect((await ada.rest.get<MessageView>(pathOf(message))).body).toEqual(message);
  });

  it('leaves the place of a deleted message, and nothing in it', async () => {
    const message = await say(ben, 'Tea?');
    await ada.rest.put(reactionOf(message, '👍'));
    const deleted = await remove(ada, message, '?version=1');
    expect(deleted.status).toBe(200);
    const deletedAt = expect.stringMatching(/Z$/) as string;
    expect(deleted.body).toEqual({ ...message, body: null, deletedAt, version: 2, changedSeq: 4 });
    expect((await ben.rest.get<MessageView>(pathOf(message))).body).toEqual(deleted.body);
    expect(await remove(ben, message, '?version=1')).toMatchObject({ status: 200, body: deleted.body });
  });

  it.each(['?version=one', '?version=0', '?version=1.5', '?version=1&version=2', '?because=I+may'])(
    'refuses to delete with %s',
    async (query) => {
      const message = await say(ben, 'Tea?');
      expectProblem(await remove(ben, message, query), 400, 'validation_failed');
    },
  );

  it('adds and takes back a reaction, once for each emoji', async () => {
    const message = await say(ben, 'Tea?');
    const added = await ada.rest.put<MessageView>(reactionOf(message, '👍'));
    expect(added).toMatchObject({ status: 200, body: { reactions: [{ emoji: '👍', count: 1, userIds: [ada.id] }] } });
    expect((await ada.rest.put(reactionOf(message, '👍'))).body).toEqual(added.body);
    const removed = await ada.rest.delete<MessageView>(reactionOf(message, '👍'));
    expect(removed).toMatchObject({ status: 200, body: { reactions: [], changedSeq: 4, version: 1 } });
    expect((await ada.rest.delete(reactionOf(message, '👍'))).body).toEqual(removed.body);
  });

  it.each([
    ['❤', '❤\uFE0F'],
    ['👍\uFE0F', '👍'],
    ['#\u20E3', '#\uFE0F\u20E3'],
    ['👩🏾\u200D🚀', '👩🏾\u200D🚀'],
  ])('takes %s for %s', async (given, kept) => {
    const message = await say(ben, 'Tea?');
    const added = await ada.rest.put<MessageView>(reactionOf(message, given));
    expect(added.body.reactions).toEqual([{ emoji: kept, count: 1, userIds: [ada.id] }]);
    expect((await ada.rest.delete<MessageView>(reactionOf(message, kept))).body.reactions).toEqual([]);
  });

  it.each(['a', '7', '👍👍', ':+1:', '👍a', '👍'.repeat(40)])('refuses %s as a reaction', async (emoji) => {
    const message = await say(ben, 'Tea?');
    for (const method of ['put', 'delete'] as const) {
      const refused = await ada.rest[method](reactionOf(message, emoji));
      expectProblem(refused, 400, 'validation_failed');
      expect((refused.body as Problem).errors).toEqual([{ path: 'emoji', message: 'must be one emoji' }]);
    }
  });

  it('refuses a path that is not well-formed, and goes on', async () => {
    const message = await say(ben, 'Tea?');
    expectProblem(await ada.rest.put(`${pathOf(message)}/reactions/%F0%9F`), 400, 'request_malformed');
    expectProblem(await ada.rest.put(`/conversations/${group}/messages/x/reactions/%41`), 400, 'validation_failed');
    expect((await ada.rest.get(pathOf(message))).status).toBe(200);
  });

  it('says what is in the way of a change', async () => {
    const message = await say(ben, 'Tea?');
    expectProblem(await edit(ada, message, { body: 'No tea' }), 403, 'action_forbidden');
    expectProblem(await edit(cleo, message, { body: 'No tea' }), 404, 'conversation_not_found');
    expectProblem(await edit(ben, { ...message, seq: 99 }, { body: 'No tea' }), 404, 'message_not_found');
    await edit(ben, message, { body: 'Green tea?' });
    expectProblem(await edit(ben, message, { body: 'Black tea?', version: 1 }), 409, 'version_conflict');
    expectProblem(await remove(ben, message, '?version=1'), 409, 'version_conflict');
    await remove(ben, message);
    expectProblem(await edit(ben, message, { body: 'Tea?' }), 409, 'message_deleted');
    expectProblem(await ada.rest.put(reactionOf(message, '👍')), 409, 'message_deleted');
    expectProblem(await ada.rest.put(reactionOf({ ...message, seq: 1 }, '👍')), 403, 'action_forbidden');
  });

  it('refuses the twenty-first kind of reaction', async () => {
    const message = await say(ben, 'Tea?');
    for (let index = 0; index < 20; index += 1) {
      const answer = await ada.rest.put(reactionOf(message, String.fromCodePoint(0x1f600 + index)));
      expect(answer.status).toBe(200);
    }
    expectProblem(await ben.rest.put(reactionOf(message, '👍')), 409, 'reaction_limit_reached');
    expect((await ben.rest.put(reactionOf(message, '😀'))).status).toBe(200);
  });

  it('hides what was said before somebody joined from their changes too', async () => {
    const message = await say(ada, 'Before Cleo');
    await addTo(group, ada, cleo);
    expectProblem(await cleo.rest.put(reactionOf(message, '👍')), 404, 'message_not_found');
    expectProblem(await remove(cleo, message), 404, 'message_not_found');
  });

  it('lets two people with a block between them take back, but say nothing new', async () => {
    const pair = await directOf(ada, ben);
    const message = await say(ben, 'Hello?', pair);
    await ada.rest.put(reactionOf(message, '👍'));
    await ada.rest.put(`/users/me/blocks/${ben.id}`);
    expectProblem(await edit(ben, message, { body: 'Hello!' }), 403, 'user_blocked');
    expectProblem(await ada.rest.put(reactionOf(message, '🎉')), 403, 'user_blocked');
    expect((await ada.rest.delete(reactionOf(message, '👍'))).status).toBe(200);
    expect((await remove(ben, message)).status).toBe(200);
  });

  it('knows a late repetition of the send, and answers with the message as it is', async () => {
    const input = { clientId: randomUUID(), body: 'Tea?' };
    const path = `/conversations/${group}/messages`;
    const { body: message } = await ben.rest.post<SentMessageView>(path, input);
    const edited = await edit(ben, message, { body: 'Green tea?' });
    expect(await ben.rest.post(path, input)).toMatchObject({ status: 200, body: { ...edited.body, duplicate: true } });
    const deleted = await remove(ben, message);
    expect(await ben.rest.post(path, input)).toMatchObject({ status: 200, body: { ...deleted.body, duplicate: true } });
  });
});
