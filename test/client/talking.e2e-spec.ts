import type { Conversation, ParleyClient, TimelineMessage } from '@parley/client';
import { ParleyError } from '@parley/client';
import { Clients, until } from '../support/clients.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('two people with clients', () => {
  let app: RunningApp;
  let clients: Clients;
  let ada: Person, ben: Person;
  let adas: ParleyClient, bens: ParleyClient, bensPhone: ParleyClient;
  let id: string;
  const lost: unknown[] = [];
  const note = (reason: unknown): void => void lost.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    app = await startApp();
    clients = new Clients(app);
  });

  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    id = await groupOf(ada, ben);
    [adas, bens, bensPhone] = await Promise.all([clients.of(ada), clients.of(ben), clients.of(ben)]);
  });

  afterEach(() => {
    clients.closeAll();
    expect(lost).toEqual([]);
  });

  afterAll(async () => {
    await app.close();
    process.off('unhandledRejection', note);
  });

  const bodies = (conversation: Conversation): (string | null)[] =>
    conversation.timeline.getSnapshot().messages.flatMap((message) => (isText(message) ? [message.body] : []));
  const isText = (message: TimelineMessage): boolean => message.status !== 'sent' || message.kind === 'text';

  async function shows(client: ParleyClient, ...expected: (string | null)[]): Promise<void> {
    const conversation = client.conversation(id);
    await until(conversation.timeline, () => JSON.stringify(bodies(conversation)) === JSON.stringify(expected));
  }

  it('see what the other writes, once and in order', async () => {
    const conversation = adas.conversation(id);
    const sent = ['one', 'two', 'three'].map((body) => conversation.send(body));
    expect(conversation.timeline.getSnapshot().messages.map(({ status }) => status)).toEqual(
      Array.from({ length: 3 }, () => 'pending'),
    );
    expect((await Promise.all(sent.map((message) => message.sent))).map(({ seq }) => seq)).toEqual([2, 3, 4]);
    for (const client of [adas, bens, bensPhone]) await shows(client, 'one', 'two', 'three');
    expect(conversation.timeline.getSnapshot().messages.every(({ status }) => status === 'sent')).toBe(true);
  });

  it('see edits, reactions and deletions', async () => {
    const { seq } = await adas.conversation(id).send('Helo').sent;
    await shows(bens, 'Helo');
    await adas.conversation(id).edit(seq, 'Hello');
    await shows(adas, 'Hello');
    await shows(bens, 'Hello');
    await bens.conversation(id).react(seq, '👍');
    const reactions = [{ emoji: '👍', count: 1, userIds: [ben.id] }];
    for (const client of [adas, bens, bensPhone]) {
      await until(client.conversation(id).timeline, ({ messages }) => {
        const message = messages.find((found) => found.status === 'sent' && found.seq === seq);
        return message?.status === 'sent' && JSON.stringify(message.reactions) === JSON.stringify(reactions);
      });
    }
    await adas.conversation(id).delete(seq);
    for (const client of [adas, bens, bensPhone]) await shows(client, null);
  });

  it('know what is unread, on all devices', async () => {
    const mention = `@${ben.username}`;
    for (const body of ['one', mention, 'three']) await adas.conversation(id).send(body).sent;
    for (const client of [bens, bensPhone]) {
      await until(client.conversation(id).summary, (summary) => summary?.unread === 3 && summary.mentions === 1);
    }
    bens.conversation(id).markRead(3);
    expect(bens.conversation(id).summary.getSnapshot()).toMatchObject({ readSeq: 3 });
    for (const client of [bens, bensPhone]) {
      await until(client.conversation(id).summary, (summary) => summary?.unread === 1 && summary.mentions === 0);
    }
    await until(adas.conversation(id).receipts, (receipts) =>
      receipts.some(({ userId, readSeq }) => userId === ben.id && readSeq === 3),
    );
  });

  it('find the conversation in their lists, the latest first', async () => {
    const other = await adas.conversations.createGroup({ title: 'Coffee', memberIds: [ben.id] });
    await until(bens.conversations, ({ items }) => items[0]?.conversation.id === other.id);
    await bens.conversation(id).send('here again').sent;
    for (const client of [adas, bens]) {
      await until(client.conversations, ({ items }) => items[0]?.lastMessage?.body === 'here again');
    }
    expect(adas.conversations.getSnapshot().items.map(({ conversation }) => conversation.title)).toEqual([
      'Tea',
      'Coffee',
    ]);
  });

  it('see who is typing and who is there', async () => {
    const there = adas.presence([ben.id]);
    const stop = there.subscribe(() => undefined);
    await until(there, (views) => views.get(ben.id)?.state === 'active');
    bens.conversation(id).startTyping();
    await until(adas.conversation(id).typing, (typing) => typing.includes(ben.id));
    bens.conversation(id).stopTyping();
    await until(adas.conversation(id).typing, (typing) => typing.length === 0);
    stop();
  });

  it('read history in both directions', async () => {
    const conversation = adas.conversation(id);
    const all = Array.from({ length: 120 }, (_, index) => `text ${index}`);
    await Promise.all(all.map((body) => conversation.send(body).sent));
    const fresh = (await clients.of(ben)).conversation(id);
    await fresh.jumpTo(60);
    expect(fresh.timeline.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: true });
    while (fresh.timeline.getSnapshot().hasOlder) await fresh.loadOlder();
    while (fresh.timeline.getSnapshot().hasNewer) await fresh.loadNewer();
    expect(bodies(fresh)).toEqual(all);
    await conversation.send('and one more').sent;
    await until(fresh.timeline, () => bodies(fresh).at(-1) === 'and one more');
  });

  it('hear of a refusal in the timeline, and can take the message back', async () => {
    const other = await adas.conversations.createDirect(ben.id);
    await bens.users.block(ada.id);
    const pending = other.send('Hello?');
    await expect(pending.sent).rejects.toMatchObject({ code: 'user_blocked' });
    const [message] = other.timeline.getSnapshot().messages;
    expect(message).toMatchObject({ status: 'failed', clientId: pending.clientId, body: 'Hello?' });
    await bens.users.unblock(ada.id);
    other.retry(pending.clientId);
    await until(other.timeline, ({ messages }) => messages[0]?.status === 'sent');
    await bens.users.block(ada.id);
    const refused = other.send('And now?');
    await expect(refused.sent).rejects.toBeInstanceOf(ParleyError);
    other.discard(refused.clientId);
    expect(other.timeline.getSnapshot().messages).toHaveLength(1);
  });

  it('lose a conversation that they are removed from, and find it when they are added again', async () => {
    await until(bens.conversations, ({ items }) => items.length === 1);
    await adas.conversation(id).removeMember(ben.id);
    for (const client of [bens, bensPhone]) await until(client.conversations, ({ items }) => items.length === 0);
    await adas.conversation(id).send('between us').sent;
    await adas.conversation(id).addMembers([ben.id]);
    await adas.conversation(id).send('Welcome back').sent;
    for (const client of [bens, bensPhone]) await shows(client, 'Welcome back');
    await expect(bens.conversation(id).rename('Mine')).rejects.toMatchObject({ code: 'action_forbidden' });
  });
});
