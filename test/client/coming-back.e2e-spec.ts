import { memoryStorage, type ParleyClient } from '@parley/client';
import type { ConversationSummary, Login, MessagePage, ReceiptView } from '@parley/contracts';
import { DrainService } from '../../apps/server/src/health/drain.service.js';
import { Clients, online, until } from '../support/clients.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { createDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { directOf, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

/** What somebody logs in with. */
const as = ({ username, password }: Person): Login => ({ username, password });

describe('somebody who comes back', () => {
  let app: RunningApp;
  let clients: Clients;
  let proxy: CuttingProxy;
  let viaProxy: string;
  let ada: Person, ben: Person, cleo: Person;

  beforeAll(async () => {
    app = await startApp();
    clients = new Clients(app);
  });

  beforeEach(async () => {
    const { hostname, port } = new URL(app.url);
    proxy = await CuttingProxy.to(hostname, Number(port));
    viaProxy = `http://127.0.0.1:${proxy.localPort}`;
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
  });

  afterEach(async () => {
    clients.closeAll();
    await proxy.close();
  });

  afterAll(() => app.close());

  async function stored(id: string): Promise<(string | null)[]> {
    const { body } = await ada.rest.get<MessagePage>(`/conversations/${id}/messages`);
    return body.items.filter(({ kind }) => kind === 'text').map((message) => message.body);
  }

  const texts = (client: ParleyClient, id: string): string[] =>
    client
      .conversation(id)
      .timeline.getSnapshot()
      .messages.flatMap((message) => (message.status === 'sent' ? [] : [`${message.body} ${message.status}`]));

  const receiptOf = (client: ParleyClient, id: string, { id: userId }: Person): ReceiptView | undefined =>
    client
      .conversation(id)
      .receipts.getSnapshot()
      .find((receipt) => receipt.userId === userId);

  it('tells what has arrived while the page was closed as delivered', async () => {
    const id = await groupOf(ada, ben);
    const storage = memoryStorage();
    const before = await clients.of(ben, { storage });
    before.close();
    const adas = await clients.of(ada);
    const { seq } = await adas.conversation(id).send('While you were away').sent;
    expect(receiptOf(adas, id, ben)?.deliveredSeq).toBeLessThan(seq);
    const after = clients.open({ storage });
    await after.resume();
    await until(adas.conversation(id).receipts, () => receiptOf(adas, id, ben)?.deliveredSeq === seq);
    expect(receiptOf(adas, id, ben)?.readSeq).toBeLessThan(seq);
  });

  it('finds the texts that were not sent, and nobody else sends them', async () => {
    const id = await groupOf(ada, ben);
    const storage = memoryStorage();
    const adas = await clients.of(ada, { storage, url: viaProxy });
    proxy.cutAnswers();
    adas.setAway(true);
    await until(adas.connection, ({ state }) => state !== 'online');
    for (const body of ['one', 'two']) adas.conversation(id).send(body);
    expect(texts(adas, id)).toEqual(['one pending', 'two pending']);
    adas.close();
    const bens = await clients.of(ben, { storage });
    expect(texts(bens, id)).toEqual([]);
    await bens.conversation(id).send('Mine').sent;
    await bens.logout();
    expect(await stored(id)).toEqual(['Mine']);
    const again = await clients.of(ada, { storage });
    await eventually(async () => expect(await stored(id)).toEqual(['Mine', 'one', 'two']));
    await until(again.conversation(id).timeline, () => texts(again, id).length === 0);
    expect(await storage.keys('parley:outbox:')).toEqual([]);
  });

  it('finds the texts that were not sent in the same client, too, after somebody else has used it', async () => {
    const id = await groupOf(ada, ben);
    const client = await clients.of(ada, { url: viaProxy });
    proxy.cutAnswers();
    client.setAway(true);
    await until(client.connection, ({ state }) => state !== 'online');
    const { sent } = client.conversation(id).send('Hers');
    const given = expect(sent).rejects.toMatchObject({ code: 'not_logged_in' });
    proxy.heal();
    await client.login(as(ben));
    await given;
    await online(client);
    expect(texts(client, id)).toEqual([]);
    await client.conversation(id).send('His').sent;
    expect(await stored(id)).toEqual(['His']);
    await client.login(as(ada));
    await eventually(async () => expect(await stored(id)).toEqual(['His', 'Hers']));
  });

  it('sees who is there as soon as they share a conversation, and no longer than that', async () => {
    const adas = await clients.of(ada);
    await clients.of(cleo);
    const presence = adas.presence([ben.id, cleo.id]);
    const stop = presence.subscribe(() => undefined);
    const id = await groupOf(ada, cleo);
    await until(presence, (views) => views.get(cleo.id)?.state === 'active');
    expect(presence.getSnapshot().has(ben.id)).toBe(false);
    await clients.of(ben);
    await directOf(ada, ben);
    await until(presence, (views) => views.get(ben.id)?.state === 'active');
    await removeFrom(id, ada, cleo);
    await until(presence, (views) => !views.has(cleo.id));
    expect(presence.getSnapshot().get(ben.id)).toMatchObject({ state: 'active' });
    stop();
  });

  it('follows who belongs to a large group, once it has asked for them', async () => {
    const crowd = Object.values(await people(app, ...Array.from({ length: 52 }, (_, index) => `person${index}`)));
    const id = await groupOf(ada, ben, ...crowd);
    const adas = await clients.of(ada);
    const group = adas.conversation(id);
    expect(group.members.getSnapshot()).toEqual([]);
    await group.loadMembers();
    expect(group.members.getSnapshot()).toHaveLength(54);
    await removeFrom(id, ada, ben);
    const members = await until(group.members, ({ length }) => length === 53);
    expect(members.some(({ userId }) => userId === ben.id)).toBe(false);
    await group.changeRole(crowd[0]!.id, 'admin');
    await until(group.members, (all) => all[1]?.userId === crowd[0]!.id && all[1].role === 'admin');
  });

  it('gets a message that the timeline does not show', async () => {
    const id = await groupOf(ada, ben);
    const adas = (await clients.of(ada)).conversation(id);
    const { seq } = await adas.send('long ago').sent;
    for (let index = 0; index < 55; index += 1) await adas.send(`${index}`).sent;
    const bens = (await clients.of(ben)).conversation(id);
    await bens.loadOlder();
    const { messages } = bens.timeline.getSnapshot();
    expect(messages.some((message) => message.status === 'sent' && message.seq === seq)).toBe(false);
    expect(await bens.getMessage(seq)).toMatchObject({ seq, body: 'long ago' });
    expect(await bens.getMessage(56)).toMatchObject({ seq: 56 });
    expect(bens.timeline.getSnapshot().messages).toHaveLength(messages.length);
    await expect(bens.getMessage(1_000)).rejects.toMatchObject({ code: 'message_not_found' });
  });

  it('has read no more than there is, whatever it says', async () => {
    const id = await groupOf(ada, ben);
    const adas = (await clients.of(ada)).conversation(id);
    const client = await clients.of(ben);
    const bens = client.conversation(id);
    const { seq } = await adas.send('one').sent;
    await until(bens.summary, (summary) => summary?.unread === 1);
    bens.markRead(99_999);
    expect(bens.summary.getSnapshot()).toMatchObject({ unread: 0, readSeq: seq });
    const summary = async (): Promise<ConversationSummary> =>
      (await ben.rest.get<ConversationSummary>(`/conversations/${id}/summary`)).body;
    await eventually(async () => expect(await summary()).toMatchObject({ unread: 0, readSeq: seq }));
    await adas.send('two').sent;
    await until(bens.summary, (shown) => shown?.unread === 1);
    expect(await summary()).toMatchObject({ unread: 1, readSeq: seq });
    bens.markRead();
    await eventually(async () => expect(await summary()).toMatchObject({ unread: 0, readSeq: seq + 1 }));
  });
});

describe('what one says about oneself and others', () => {
  let app: RunningApp;
  let clients: Clients;
  let ada: Person, ben: Person;
  let adas: ParleyClient, bens: ParleyClient;

  beforeAll(async () => {
    app = await startApp();
    clients = new Clients(app);
  });

  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    [adas, bens] = await Promise.all([clients.of(ada), clients.of(ben)]);
  });

  afterEach(() => clients.closeAll());
  afterAll(() => app.close());

  it('keeps somebody who is blocked away, until one takes that back', async () => {
    const { id } = await bens.conversations.createDirect(ada.id);
    await bens.conversation(id).send('Hello').sent;
    expect((await adas.users.listBlocked()).items).toEqual([]);
    await adas.users.block(ben.id);
    expect((await adas.users.listBlocked()).items).toMatchObject([{ id: ben.id, displayName: 'ben' }]);
    await expect(bens.conversation(id).send('Hello?').sent).rejects.toMatchObject({ code: 'user_blocked' });
    await adas.users.unblock(ben.id);
    expect((await adas.users.listBlocked()).items).toEqual([]);
    await bens.conversation(id).send('Thanks').sent;
  });

  it('gives oneself another name, on all devices and for everybody', async () => {
    const { id } = await bens.conversations.createDirect(ada.id);
    const phone = await clients.of(ada);
    // Names are told to those who watch.
    const presence = bens.presence([ada.id]);
    const stop = presence.subscribe(() => undefined);
    await until(presence, (views) => views.has(ada.id));
    const profile = await adas.updateProfile({ displayName: 'Ada Lovelace' });
    expect(profile).toMatchObject({ id: ada.id, displayName: 'Ada Lovelace', readReceipts: true });
    expect(adas.me.getSnapshot()).toEqual(profile);
    await until(phone.me, (me) => me?.displayName === 'Ada Lovelace');
    await until(bens.conversation(id).members, (members) =>
      members.some(({ userId, displayName }) => userId === ada.id && displayName === 'Ada Lovelace'),
    );
    expect(await bens.users.get(ada.id)).toMatchObject({ displayName: 'Ada Lovelace' });
    stop();
  });

  it('changes the password, after which the other devices are out', async () => {
    const phone = await clients.of(ada);
    const newPassword = 'another password';
    const wrong = adas.changePassword({ currentPassword: 'wrong password', newPassword });
    await expect(wrong).rejects.toMatchObject({ code: 'credentials_invalid' });
    await adas.changePassword({ currentPassword: ada.password, newPassword });
    await until(phone.connection, ({ reason }) => reason === 'session_revoked');
    expect(adas.connection.getSnapshot().state).toBe('online');
    await expect(clients.open().login(as(ada))).rejects.toMatchObject({ code: 'credentials_invalid' });
    await clients.of({ ...ada, password: newPassword });
  });

  it('lists one’s sessions, and ends one of them', async () => {
    const before = new Set((await adas.listSessions()).map(({ id }) => id));
    const phone = await clients.of(ada);
    const sessions = await adas.listSessions();
    expect(sessions).toHaveLength(before.size + 1);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    const phones = sessions.find(({ id }) => !before.has(id))!;
    expect(phones.current).toBe(false);
    expect((await phone.listSessions()).find(({ current }) => current)?.id).toBe(phones.id);
    await adas.revokeSession(phones.id);
    await until(phone.connection, ({ reason }) => reason === 'session_revoked');
    await until(phone.me, (me) => me === null);
    expect(new Set((await adas.listSessions()).map(({ id }) => id))).toEqual(before);
    expect(adas.connection.getSnapshot().state).toBe('online');
    await expect(adas.revokeSession(phones.id)).rejects.toMatchObject({ code: 'session_not_found' });
  });

  it('logs out on all devices', async () => {
    const storage = memoryStorage();
    const [laptop, phone] = [await clients.of(ada, { storage }), await clients.of(ada)];
    await laptop.logoutAll();
    expect(laptop.me.getSnapshot()).toBeNull();
    expect(laptop.connection.getSnapshot().state).toBe('offline');
    expect(await storage.keys('')).toEqual([]);
    for (const other of [phone, adas]) {
      await until(other.connection, ({ reason }) => reason === 'session_revoked');
      await until(other.me, (me) => me === null);
    }
    expect(bens.connection.getSnapshot().state).toBe('online');
  });
});

describe('a client whose server goes away', () => {
  it('says why, waits as long as it was told, and goes on with the next server at that place', async () => {
    const database = await createDatabase();
    const first = await startApp({ databaseUrl: database.url });
    const clients = new Clients(first);
    let next: RunningApp | null = null;
    try {
      const { ada, ben } = await people(first, 'ada', 'ben');
      const id = await groupOf(ada, ben);
      const client = await clients.of(ada);
      await first.app.get(DrainService, { strict: false }).drain();
      const { reason, retryAt } = await until(client.connection, ({ state }) => state === 'offline');
      expect(reason).toBe('server_draining');
      expect(retryAt).toBeGreaterThan(Date.now());
      const { sent } = client.conversation(id).send('Are you back?');
      await first.close();
      next = await startApp({ databaseUrl: database.url, port: Number(new URL(first.url).port) });
      expect(await sent).toMatchObject({ body: 'Are you back?', seq: 2 });
      await online(client);
    } finally {
      clients.closeAll();
      await next?.close();
      await database.drop();
    }
  });
});
