import { memoryStorage, type KeyValueStorage, type ParleyClient, type ParleyClientOptions } from '@parley/client';
import { BrowserFetch } from '../support/browser-fetch.js';
import { Clients, online, until } from '../support/clients.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('a client in a browser, whose refresh token is in a cookie', () => {
  let app: RunningApp;
  let clients: Clients;
  let browser: BrowserFetch;
  let storage: KeyValueStorage;
  let ada: Person;

  beforeAll(async () => {
    app = await startApp();
    clients = new Clients(app);
  });
  beforeEach(async () => {
    ({ ada } = await people(app, 'ada'));
    browser = new BrowserFetch();
    storage = memoryStorage();
  });
  afterEach(() => {
    clients.closeAll();
    browser.restore();
  });
  afterAll(() => app.close());

  const tab = (options: Partial<ParleyClientOptions> = {}): ParleyClient =>
    clients.open({ storage, refreshTokens: 'cookie', ...options });

  async function loggedIn(person = ada): Promise<ParleyClient> {
    const client = tab();
    await client.login({ username: person.username, password: person.password });
    await online(client);
    return client;
  }

  async function everythingStored(): Promise<string> {
    const values = await Promise.all((await storage.keys('')).map((key) => storage.get(key)));
    return values.join('\n');
  }

  it('registers, and stores no secret', async () => {
    const client = tab();
    await client.register({ username: 'ada-in-a-browser', password: 'correct horse battery' });
    await online(client);
    const [, secret = 'none'] = browser.cookie?.split('.') ?? [];
    const kept = await everythingStored();
    expect(kept).toContain('ada-in-a-browser');
    expect(kept).not.toContain(secret);
    expect(kept).not.toMatch(/eyJ|token/i);
  });

  it('goes on after a reload, with another refresh token', async () => {
    (await loggedIn()).close();
    const before = browser.cookie;
    const client = tab();
    expect(await client.resume()).toBe(true);
    expect(client.me.getSnapshot()).toMatchObject({ id: ada.id, displayName: 'ada' });
    await online(client);
    expect(browser.cookie).not.toBe(before);
  });

  it('goes on without a network, knowing who one is, and comes online with it', async () => {
    (await loggedIn()).close();
    const { hostname, port } = new URL(app.url);
    const proxy = await CuttingProxy.to(hostname, Number(port));
    try {
      proxy.cutAnswers();
      const client = tab({ url: `http://127.0.0.1:${proxy.localPort}` });
      expect(await client.resume()).toBe(true);
      expect(client.me.getSnapshot()).toMatchObject({ id: ada.id, username: ada.username });
      await until(client.connection, ({ reason, retryAt }) => reason === 'unreachable' && retryAt !== null);
      proxy.heal();
      client.reconnect();
      await online(client);
    } finally {
      await proxy.close();
    }
  });

  it('goes on in several tabs at once', async () => {
    await loggedIn();
    const tabs = [tab(), tab(), tab()];
    expect(await Promise.all(tabs.map((each) => each.resume()))).toEqual([true, true, true]);
    await Promise.all(tabs.map(online));
  });

  it('logs out: the browser has no cookie any more, and the next visit begins with nobody', async () => {
    const client = await loggedIn();
    await client.logout();
    expect(browser.cookie).toBeUndefined();
    expect(await everythingStored()).toBe('');
    expect(await tab().resume()).toBe(false);
  });

  it('stays logged in when the server cannot be told, because only it can take the cookie back', async () => {
    (await loggedIn()).close();
    const client = tab({ url: 'http://127.0.0.1:1' });
    await client.resume();
    await expect(client.logout()).rejects.toMatchObject({ code: 'connection_failed' });
    expect(client.me.getSnapshot()).toMatchObject({ id: ada.id });
    expect(browser.cookie).toBeDefined();
    client.close();
    const back = tab();
    expect(await back.resume()).toBe(true);
    await online(back);
  });

  it('is over when its session was ended elsewhere, also for the next visit', async () => {
    const client = await loggedIn();
    const session = (await client.listSessions()).find(({ current }) => current)!;
    await ada.rest.delete(`/auth/sessions/${session.id}`);
    await until(client.me, (me) => me === null);
    expect(client.connection.getSnapshot()).toMatchObject({ state: 'offline', reason: 'session_revoked' });
    expect(await tab().resume()).toBe(false);
  });

  it('is over for a tab after the reload when somebody else has logged in in the browser', async () => {
    const { ben } = await people(app, 'ben');
    const adas = await loggedIn();
    const bens = await loggedIn(ben);
    adas.close();
    bens.close();
    const next = tab();
    expect(await next.resume()).toBe(true);
    await online(next);
    expect(next.me.getSnapshot()).toMatchObject({ id: ben.id });
  });
});
