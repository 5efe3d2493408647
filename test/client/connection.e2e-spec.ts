import { memoryStorage, type KeyValueStorage, type ParleyClient, type SocketLike } from '@parley/client';
import type { MessagePage } from '@parley/contracts';
import { Clients, online, until } from '../support/clients.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('the connection of a client', () => {
  let app: RunningApp;
  let clients: Clients;
  let proxy: CuttingProxy;
  let viaProxy: string;
  let ada: Person, ben: Person;
  let id: string;
  const lost: unknown[] = [];
  const note = (reason: unknown): void => void lost.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    // Sessions begin with a token that is to be exchanged within seconds.
    app = await startApp({ env: { PARLEY_ACCESS_TOKEN_SECONDS: '60' } });
    clients = new Clients(app);
  });

  beforeEach(async () => {
    const { hostname, port } = new URL(app.url);
    proxy = await CuttingProxy.to(hostname, Number(port));
    viaProxy = `http://127.0.0.1:${proxy.localPort}`;
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    id = await groupOf(ada, ben);
  });

  afterEach(async () => {
    clients.closeAll();
    await proxy.close();
    expect(lost).toEqual([]);
  });

  afterAll(async () => {
    await app.close();
    process.off('unhandledRejection', note);
  });

  async function stored(): Promise<(string | null)[]> {
    const page = await ada.rest.get<MessagePage>(`/conversations/${id}/messages`);
    return page.body.items.filter(({ kind }) => kind === 'text').map(({ body }) => body);
  }

  const texts = (client: ParleyClient): (string | null)[] =>
    client
      .conversation(id)
      .timeline.getSnapshot()
      .messages.flatMap((message) => (message.status === 'sent' && message.kind === 'system' ? [] : [message.body]));

  const offline = (client: ParleyClient) => until(client.connection, ({ state }) => state !== 'online');

  /** Breaks the connection, and lets none through until the proxy is healed. */
  async function cut(client: ParleyClient): Promise<void> {
    proxy.cutAnswers();
    client.setAway(true);
    await offline(client);
  }

  async function back(client: ParleyClient): Promise<void> {
    proxy.heal();
    client.reconnect();
    await online(client);
  }

  it('says that it cannot reach the server, and catches up when it can', async () => {
    const client = await clients.of(ben, { url: viaProxy });
    const adas = (await clients.of(ada)).conversation(id);
    const { seq } = await adas.send('before').sent;
    await until(client.conversation(id).timeline, () => texts(client).length === 1);
    await cut(client);
    expect(await until(client.connection, ({ retryAt }) => retryAt !== null)).toMatchObject({
      state: 'offline',
      reason: 'unreachable',
    });
    await adas.edit(seq, 'edited');
    await adas.send('meanwhile').sent;
    await back(client);
    expect(texts(client)).toEqual(['edited', 'meanwhile']);
    expect(client.conversation(id).summary.getSnapshot()).toMatchObject({ unread: 2 });
  });

  it('keeps what is written without it, and sends it once and in order', async () => {
    const client = await clients.of(ada, { url: viaProxy });
    await cut(client);
    const sent = ['one', 'two', 'three'].map((body) => client.conversation(id).send(body).sent);
    expect(texts(client)).toEqual(['one', 'two', 'three']);
    await back(client);
    await Promise.all(sent);
    expect(await stored()).toEqual(['one', 'two', 'three']);
    expect(texts(client)).toEqual(['one', 'two', 'three']);
  });

  it('sends once what was stored while the answers got lost', async () => {
    let losses = 3;
    const client = await clients.of(ada, {
      wrapSocket: (socket) => ({
        ...bound(socket),
        get connected() {
          return socket.connected;
        },
        emit: (event, ...values) => {
          if (event !== 'message:send' || losses === 0) return socket.emit(event, ...values);
          losses -= 1;
          return socket.emit(event, values[0], () => socket.disconnect());
        },
      }),
    });
    const { sent } = client.conversation(id).send('Hello');
    expect((await sent).seq).toBe(2);
    await online(client);
    expect(await stored()).toEqual(['Hello']);
    expect(texts(client)).toEqual(['Hello']);
  });

  it('goes on after a reload with what was written before', async () => {
    const storage = memoryStorage();
    const before = await clients.of(ada, { url: viaProxy, storage });
    await cut(before);
    for (const body of ['one', 'two']) before.conversation(id).send(body);
    before.close();
    const after = clients.open({ storage });
    expect(await after.resume()).toBe(true);
    expect(texts(after)).toEqual(['one', 'two']);
    await until(
      after.conversation(id).timeline,
      ({ messages }) => messages.length >= 2 && messages.every(({ status }) => status === 'sent'),
    );
    expect(await stored()).toEqual(['one', 'two']);
    expect(await storage.keys('parley:outbox:')).toEqual([]);
  });

  it('has nothing to go on with after a logout', async () => {
    const storage = memoryStorage();
    const client = await clients.of(ada, { storage });
    await client.logout();
    expect(client.me.getSnapshot()).toBeNull();
    expect(client.conversations.getSnapshot().items).toEqual([]);
    expect(await storage.keys('')).toEqual([]);
    expect(await clients.open({ storage }).resume()).toBe(false);
    await expect(client.users.search('a')).rejects.toMatchObject({ code: 'not_logged_in' });
  });

  it('stays away when its session is revoked, and says so', async () => {
    const storage = memoryStorage();
    const phone = await clients.of(ada, { storage });
    const laptop = await clients.of(ada);
    await laptop.changePassword({ currentPassword: ada.password, newPassword: 'another password' });
    expect(await until(phone.connection, ({ reason }) => reason === 'session_revoked')).toMatchObject({
      state: 'offline',
      retryAt: null,
    });
    await until(phone.me, (me) => me === null);
    expect(await storage.keys('parley:session')).toEqual([]);
    expect(laptop.connection.getSnapshot().state).toBe('online');
  });

  it('exchanges its tokens once, however many ask, and so do two tabs', async () => {
    const refreshes = countRefreshes();
    const storage = memoryStorage();
    const tab = await clients.of(ada, { storage });
    const other = clients.open({ storage });
    await other.resume();
    await online(other);
    await expire(storage);
    for (const client of [tab, other]) expect(client.me.getSnapshot()?.id).toBe(ada.id);
    const third = clients.open({ storage });
    await third.resume();
    await Promise.all(Array.from({ length: 20 }, () => third.users.search('ada')));
    expect(refreshes.stop()).toBe(1);
    await tab.users.search('ada');
  });

  it('works when nothing can be stored', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('full'));
    const client = await clients.of(ada, { storage: { get: refuse, set: refuse, delete: refuse, keys: refuse } });
    await client.conversation(id).send('Hello').sent;
    expect(await stored()).toEqual(['Hello']);
    expect(await clients.open({ storage: { ...memoryStorage(), get: refuse } }).resume()).toBe(false);
  });

  it('refuses wrong passwords and taken names with typed errors', async () => {
    const client = clients.open();
    await expect(client.login({ username: ada.username, password: 'wrong password' })).rejects.toMatchObject({
      code: 'credentials_invalid',
      retryable: false,
      status: 401,
    });
    const taken = client.register({ username: ada.username, password: 'correct horse' });
    await expect(taken).rejects.toMatchObject({ code: 'username_taken' });
    const short = client.register({ username: 'a', password: 'b' });
    await expect(short).rejects.toMatchObject({
      code: 'validation_failed',
      fieldErrors: [{ path: 'username' }, { path: 'password' }],
    });
    await expect(clients.open({ url: 'http://127.0.0.1:1' }).login(ada)).rejects.toMatchObject({
      code: 'connection_failed',
      retryable: true,
      status: null,
    });
    expect(client.connection.getSnapshot().state).toBe('offline');
  });

  function bound(socket: SocketLike): SocketLike {
    return {
      connected: socket.connected,
      on: (event, listener) => socket.on(event, listener),
      emit: (event, ...values) => socket.emit(event, ...values),
      connect: () => socket.connect(),
      disconnect: () => socket.disconnect(),
    };
  }

  /** Lets the stored session seem to be at its end. */
  async function expire(storage: KeyValueStorage): Promise<void> {
    const kept = JSON.parse((await storage.get('parley:session')) ?? '') as { renewAt: number };
    await storage.set('parley:session', JSON.stringify({ ...kept, renewAt: 0 }));
  }

  function countRefreshes(): { stop(): number } {
    const { fetch } = globalThis;
    let refreshes = 0;
    globalThis.fetch = (input, init) => {
      if (typeof input === 'string' && input.endsWith('/auth/refresh')) refreshes += 1;
      return fetch(input, init);
    };
    return {
      stop: () => {
        globalThis.fetch = fetch;
        return refreshes;
      },
    };
  }
});
