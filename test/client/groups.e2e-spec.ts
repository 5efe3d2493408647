import type { Conversation, ParleyClient } from '@parley/client';
import type { MessagePage } from '@parley/contracts';
import { Clients, until } from '../support/clients.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('conversations of clients', () => {
  let app: RunningApp;
  let clients: Clients;
  let persons: Record<'ada' | 'ben' | 'cleo', Person>;
  let ada: ParleyClient, ben: ParleyClient, cleo: ParleyClient;

  beforeAll(async () => {
    app = await startApp();
    clients = new Clients(app);
  });

  beforeEach(async () => {
    persons = await people(app, 'ada', 'ben', 'cleo');
    [ada, ben, cleo] = (await Promise.all(Object.values(persons).map((person) => clients.of(person)))) as [
      ParleyClient,
      ParleyClient,
      ParleyClient,
    ];
  });

  afterEach(() => clients.closeAll());
  afterAll(() => app.close());

  const group = (...others: Person[]): Promise<Conversation> =>
    ada.conversations.createGroup({ title: 'Tea', memberIds: others.map(({ id }) => id) });

  const seqs = ({ timeline }: Conversation): number[] =>
    timeline.getSnapshot().messages.flatMap((message) => (message.status === 'sent' ? [message.seq] : []));

  const last = (client: ParleyClient, id: string): string | null | undefined =>
    client.conversation(id).timeline.getSnapshot().messages.at(-1)?.body;

  const shows = (client: ParleyClient, id: string, body: string) =>
    until(client.conversation(id).timeline, () => last(client, id) === body);

  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it('are one for a pair, whoever asks for it and how often', async () => {
    const asked = [1, 2, 3].flatMap(() => [
      ada.conversations.createDirect(persons.ben.id),
      ben.conversations.createDirect(persons.ada.id),
    ]);
    expect(new Set((await Promise.all(asked)).map(({ id }) => id)).size).toBe(1);
    const [direct] = await Promise.all(asked);
    await direct?.send('Hello').sent;
    await shows(ben, direct?.id ?? '', 'Hello');
    expect(ben.conversation(direct?.id ?? '').members.getSnapshot()).toHaveLength(2);
  });

  it('have one order for everybody when 20 people send at once', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `person${index}`);
    const crowd = Object.values(await people(app, ...names));
    const { id } = await group(...crowd);
    const all = await Promise.all(crowd.map((person) => clients.of(person)));
    await Promise.all(all.flatMap((client) => [1, 2, 3, 4, 5].map((n) => client.conversation(id).send(`${n}`).sent)));
    for (const client of all) {
      const conversation = client.conversation(id);
      await until(conversation.timeline, () => seqs(conversation).length >= 100);
      expect(seqs(conversation).slice(-100)).toEqual(range(2, 101));
    }
  }, 60_000);

  it('begin with the joining for somebody who is added, and show a change of title and roles to everybody', async () => {
    const tea = await group(persons.ben);
    await tea.send('before').sent;
    await tea.addMembers([persons.cleo.id]);
    await tea.send('after').sent;
    await shows(cleo, tea.id, 'after');
    await cleo.conversation(tea.id).loadOlder();
    expect(seqs(cleo.conversation(tea.id))).toEqual([3, 4]);
    await tea.rename('Coffee');
    await tea.changeRole(persons.ben.id, 'admin');
    for (const client of [ada, ben, cleo]) {
      await until(client.conversation(tea.id).summary, (summary) => summary?.conversation.title === 'Coffee');
      await until(client.conversation(tea.id).members, (members) =>
        members.some(({ userId, role }) => userId === persons.ben.id && role === 'admin'),
      );
    }
    await until(ben.conversation(tea.id).summary, (summary) => summary?.role === 'admin');
    await ben.conversation(tea.id).rename('Cake');
    await until(ada.conversation(tea.id).summary, (summary) => summary?.conversation.title === 'Cake');
  });

  it('are handed over, and left', async () => {
    const tea = await group(persons.ben, persons.cleo);
    await expect(tea.leave()).rejects.toMatchObject({ code: 'owner_required' });
    await tea.changeRole(persons.ben.id, 'owner');
    await until(tea.summary, (summary) => summary?.role === 'admin');
    await until(ben.conversation(tea.id).summary, (summary) => summary?.role === 'owner');
    await tea.leave();
    await until(ada.conversations, ({ items }) => items.length === 0);
    await until(ben.conversation(tea.id).members, (members) => members.length === 2);
    await expect(tea.rename('Mine')).rejects.toMatchObject({ code: 'conversation_not_found' });
    await expect(tea.send('Hello?').sent).rejects.toMatchObject({ code: 'conversation_not_found' });
  });

  it('end for somebody who is removed among others’ messages: all before are shown, and none after', async () => {
    const tea = await group(persons.ben, persons.cleo);
    const removed = cleo.conversation(tea.id);
    await until(removed.summary, (summary) => summary !== null);
    let highest = 0;
    removed.timeline.subscribe(() => (highest = Math.max(highest, ...seqs(removed))));
    const sends = range(1, 30).flatMap((n) => [tea.send(`${n}`).sent, ben.conversation(tea.id).send(`${n}`).sent]);
    await Promise.all([...sends, tea.removeMember(persons.cleo.id)]);
    await until(removed.summary, (summary) => summary === null);
    const { body } = await persons.ada.rest.get<MessagePage>(`/conversations/${tea.id}/messages?limit=100`);
    const removal = body.items.find(({ data }) => data?.event === 'member_removed');
    expect(highest).toBeLessThanOrEqual(removal?.seq ?? 0);
    expect(seqs(removed)).toEqual([]);
  });

  it('are muted, pinned and archived on all of one’s devices, and on nobody else’s', async () => {
    const tea = await group(persons.ben);
    const phone = await clients.of(persons.ada);
    await tea.updateSettings({ pinned: true, mutedUntil: '2099-01-01T00:00:00.000Z' });
    const settings = { pinned: true, archived: false, mutedUntil: '2099-01-01T00:00:00.000Z' };
    expect(tea.summary.getSnapshot()).toMatchObject({ settings });
    await until(phone.conversation(tea.id).summary, (summary) => summary?.settings.pinned === true);
    expect(phone.conversation(tea.id).summary.getSnapshot()).toMatchObject({ settings });
    expect(ben.conversation(tea.id).summary.getSnapshot()).not.toMatchObject({ settings: { pinned: true } });
  });

  it('show whom somebody answers, and keep the answer when that is deleted', async () => {
    const tea = await group(persons.ben);
    const { seq } = await tea.send('A question?').sent;
    const answer = await ben.conversation(tea.id).send('An answer.', { replyTo: seq }).sent;
    await tea.delete(seq);
    await until(ben.conversation(tea.id).timeline, ({ messages }) =>
      messages.some((message) => message.status === 'sent' && message.seq === seq && message.deletedAt !== null),
    );
    const shown = ben.conversation(tea.id).timeline.getSnapshot().messages.at(-1);
    expect(shown).toMatchObject({ seq: answer.seq, replyTo: seq, body: 'An answer.' });
    await expect(tea.send('To what?', { replyTo: seq }).sent).rejects.toMatchObject({ code: 'reply_target_not_found' });
  });

  it('refuse an edit of what somebody has edited meanwhile', async () => {
    const tea = await group();
    const phone = await clients.of(persons.ada);
    const { seq, version } = await tea.send('one').sent;
    await phone.conversation(tea.id).edit(seq, 'two', { version });
    await expect(tea.edit(seq, 'three', { version })).rejects.toMatchObject({ code: 'version_conflict' });
    await shows(ada, tea.id, 'two');
  });

  it('hide from others what one has read, when one wants that, and show it again', async () => {
    const tea = await group(persons.ben);
    const { seq } = await tea.send('Hello').sent;
    const bens = () => tea.receipts.getSnapshot().find(({ userId }) => userId === persons.ben.id);
    await shows(ben, tea.id, 'Hello');
    ben.conversation(tea.id).markRead();
    await until(tea.receipts, () => bens()?.readSeq === seq);
    const phone = await clients.of(persons.ben);
    await ben.updateProfile({ readReceipts: false });
    await until(phone.me, (me) => me?.readReceipts === false);
    await until(tea.receipts, () => bens()?.readSeq === null);
    await tea.send('And now?').sent;
    await shows(ben, tea.id, 'And now?');
    ben.conversation(tea.id).markRead();
    await until(phone.conversation(tea.id).summary, (summary) => summary?.unread === 0);
    await until(tea.receipts, () => bens()?.deliveredSeq === seq + 1);
    expect(bens()).toMatchObject({ readSeq: null });
    await ben.updateProfile({ readReceipts: true });
    await until(tea.receipts, () => bens()?.readSeq === seq + 1);
  });

  it('go on behind the first page of the list', async () => {
    for (let index = 0; index < 55; index += 1) {
      await persons.ada.rest.post('/conversations', {
        kind: 'group',
        title: `group ${index}`,
        memberIds: [persons.cleo.id],
      });
    }
    const fresh = await clients.of(persons.cleo);
    expect(fresh.conversations.getSnapshot()).toMatchObject({ hasMore: true, isLoaded: true });
    expect(fresh.conversations.getSnapshot().items).toHaveLength(50);
    await fresh.conversations.loadMore();
    expect(fresh.conversations.getSnapshot()).toMatchObject({ hasMore: false });
    const titles = fresh.conversations.getSnapshot().items.map(({ conversation }) => conversation.title);
    expect(titles).toEqual(range(0, 54).map((index) => `group ${54 - index}`));
  });
});
