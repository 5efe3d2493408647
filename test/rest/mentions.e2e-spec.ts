import { randomUUID } from 'node:crypto';
import type { ConversationSummary, MessageView, Page, Problem, SentMessageView } from '@parley/contracts';
import { addTo, directOf, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('mentions', () => {
  let app: RunningApp;
  let ada: Person, ben: Person, cleo: Person;
  let groupId: string;

  beforeAll(async () => {
    app = await startApp();
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    groupId = await groupOf(ada, ben, cleo);
  });

  afterAll(() => app.close());

  async function say(sender: Person, conversationId: string, body: string): Promise<SentMessageView> {
    const input = { clientId: randomUUID(), body };
    const answer = await sender.rest.post<SentMessageView>(`/conversations/${conversationId}/messages`, input);
    expect(answer.status).toBe(201);
    return answer.body;
  }

  async function summary(person: Person, conversationId: string): Promise<ConversationSummary | undefined> {
    const answer = await person.rest.get<Page<ConversationSummary>>('/conversations');
    return answer.body.items.find(({ conversation }) => conversation.id === conversationId);
  }

  const mentions = async (person: Person, conversationId = groupId): Promise<number | undefined> =>
    (await summary(person, conversationId))?.mentions;

  it('name the members whose usernames follow an @, in any case', async () => {
    const sent = await say(ada, groupId, `@${ben.username.toUpperCase()}, have you seen @${cleo.username}?`);
    expect(sent).toMatchObject({ mentions: [ben.id, cleo.id].sort(), mentionsAll: false });
    const read = await ben.rest.get<MessageView>(`/conversations/${groupId}/messages/${sent.seq}`);
    expect(read.body.mentions).toEqual(sent.mentions);
    expect([await mentions(ada), await mentions(ben), await mentions(cleo)]).toEqual([0, 1, 1]);
  });

  it('leave out strangers, people who left, and oneself', async () => {
    const { dora } = await people(app, 'dora');
    await removeFrom(groupId, ada, cleo);
    const sent = await say(ada, groupId, `@${dora.username} @${cleo.username} @${ada.username} @nobody-at-all`);
    expect(sent).toMatchObject({ mentions: [], mentionsAll: false });
    await addTo(groupId, ada, cleo);
    expect(await mentions(cleo)).toBe(0);
  });

  it('find a name at the end of a sentence, and the longer name where there is one', async () => {
    const dotted = await registered(`${ben.username}.`);
    expect((await say(ada, groupId, `Ask @${ben.username}.`)).mentions).toEqual([ben.id]);
    await addTo(groupId, ada, dotted);
    expect((await say(ada, groupId, `Ask @${ben.username}.`)).mentions).toEqual([dotted.id]);
  });

  it('are counted until they are read', async () => {
    const sent = await say(ada, groupId, `@${ben.username} one`);
    await say(ada, groupId, `@${ben.username} two @${ben.username}`);
    expect(await mentions(ben)).toBe(2);
    await ben.rest.put(`/conversations/${groupId}/read`, { seq: sent.seq });
    expect(await mentions(ben)).toBe(1);
    await ben.rest.put(`/conversations/${groupId}/read`, { seq: sent.seq + 1 });
    expect(await mentions(ben)).toBe(0);
  });

  it('follow an edit', async () => {
    const { seq } = await say(ada, groupId, `@${ben.username}`);
    const edit = (body: string) => ada.rest.patch<MessageView>(`/conversations/${groupId}/messages/${seq}`, { body });
    expect((await edit(`@${cleo.username}`)).body.mentions).toEqual([cleo.id]);
    expect([await mentions(ben), await mentions(cleo)]).toEqual([0, 1]);
    expect((await edit('@all')).body).toMatchObject({ mentions: [], mentionsAll: true });
    expect([await mentions(ben), await mentions(cleo)]).toEqual([1, 1]);
    expect((await edit('nobody')).body).toMatchObject({ mentions: [], mentionsAll: false });
    expect([await mentions(ben), await mentions(cleo)]).toEqual([0, 0]);
  });

  it('go with a deletion', async () => {
    const { seq } = await say(ada, groupId, `@all and @${ben.username}`);
    expect([await mentions(ben), await mentions(cleo)]).toEqual([1, 1]);
    const answer = await ada.rest.delete<MessageView>(`/conversations/${groupId}/messages/${seq}`);
    expect(answer.body).toMatchObject({ body: null, mentions: [], mentionsAll: false });
    expect([await mentions(ben), await mentions(cleo)]).toEqual([0, 0]);
  });

  it('are written once for a text that is sent twice', async () => {
    const input = { clientId: randomUUID(), body: `@${ben.username}` };
    const send = () => ben.rest.post<SentMessageView>(`/conversations/${groupId}/messages`, input);
    await send();
    const path = `/conversations/${groupId}/messages`;
    const hello = { clientId: randomUUID(), body: `Hello @${ben.username}` };
    await ada.rest.post(path, hello);
    const again = await ada.rest.post<SentMessageView>(path, hello);
    expect(again.body).toMatchObject({ duplicate: true, mentions: [ben.id] });
    expect(await mentions(ben)).toBe(1);
  });

  it('name people in a direct conversation, where @all is plain text', async () => {
    const directId = await directOf(ada, ben);
    expect(await say(ada, directId, `@${ben.username} @all`)).toMatchObject({ mentions: [ben.id], mentionsAll: false });
    expect(await mentions(ben, directId)).toBe(1);
  });

  describe('of everybody', () => {
    it.each(['owner', 'admin'])('are for the %s', async (role) => {
      if (role === 'admin') await ada.rest.patch(`/conversations/${groupId}/members/${ben.id}`, { role });
      const [leader, other] = role === 'admin' ? [ben, ada] : [ada, ben];
      const sent = await say(leader, groupId, 'Lunch, @all!');
      expect(sent).toMatchObject({ mentions: [], mentionsAll: true });
      expect([await mentions(leader), await mentions(other), await mentions(cleo)]).toEqual([0, 1, 1]);
    });

    it('are plain text from a member', async () => {
      expect(await say(ben, groupId, '@all')).toMatchObject({ mentions: [], mentionsAll: false });
      expect([await mentions(ada), await mentions(cleo)]).toEqual([0, 0]);
    });

    it('do not reach who joins later', async () => {
      const { dora } = await people(app, 'dora');
      await say(ada, groupId, '@all');
      await addTo(groupId, ada, dora);
      expect(await mentions(dora)).toBe(0);
    });

    it('keep their name from being anybody’s', async () => {
      for (const username of ['all', 'All', 'ALL']) {
        const answer = await rest(app).post<Problem>('/auth/register', { username, password: 'correct horse' });
        expect(answer.status).toBe(400);
        expect(answer.body.errors).toEqual([{ path: 'username', message: expect.stringContaining('all') as string }]);
      }
    });
  });

  /** Somebody with exactly this username. */
  async function registered(username: string): Promise<Person> {
    const { dora } = await people(app, 'dora');
    const password = 'correct horse';
    const answer = await rest(app).post<{ user: { id: string } }>('/auth/register', { username, password });
    expect(answer.status).toBe(201);
    return { ...dora, id: answer.body.user.id, username };
  }
});
