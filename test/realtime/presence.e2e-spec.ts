import { Client } from 'pg';
import { LIMITS, type FactMap, type PresenceState, type PresenceView, type Problem } from '@parley/contracts';
import { eventually } from '../support/eventually.js';
import { addTo, directOf, groupOf, removeFrom } from '../support/groups.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

/** Those who wait for a lock and whose query contains `$1`. */
const WAITING = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND position($1 in query) > 0`;
const FORGOTTEN_AFTER_MS = LIMITS.typingExpiresMs + 3_000;

describe('presence over sockets', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let database: Client;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
    database = new Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
  });
  afterEach(() => sockets.closeAll());
  afterAll(async () => {
    await database.end();
    await app.close();
  });

  async function watch(socket: TestSocket, ...whom: Person[]): Promise<PresenceView[]> {
    const ack = await socket.command('presence:watch', { userIds: whom.map(({ id }) => id) });
    if (!ack.ok) throw new Error(JSON.stringify(ack.error));
    return ack.data.items;
  }

  /** Waits until a socket hears that somebody is so now. */
  const hears = (socket: TestSocket, whom: Person, state: PresenceState): Promise<PresenceView> =>
    socket.next('presence:changed', (payload) => payload.userId === whom.id && payload.state === state);

  /** All that a socket has heard of somebody. */
  const heardOf = (socket: TestSocket, whom: Person): PresenceState[] =>
    socket.heard.flatMap((heard) =>
      heard.fact === 'presence:changed' && heard.payload.userId === whom.id ? [heard.payload.state] : [],
    );

  /** Locks a table until the connection that is returned ends. */
  async function lock(table: string): Promise<Client> {
    const holder = new Client({ connectionString: app.databaseUrl });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${table} MODE`);
    return holder;
  }

  /** Returns when a query with these words waits for a lock. */
  async function waits(words: string): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await database.query(WAITING, [words]);
      expect(rowCount).toBeGreaterThan(0);
    });
  }

  /** Ends a connection and lets its grace period pass; the next sweep finds it. */
  async function leaveForGood(socket: TestSocket, person: Person): Promise<void> {
    socket.close();
    await eventually(async () => {
      const { rowCount } = await database.query(
        `UPDATE connections SET ended_at = ended_at - interval '1 hour' WHERE user_id = $1 AND ended_at IS NOT NULL`,
        [person.id],
      );
      expect(rowCount).toBe(1);
    });
  }

  it('tells a watcher at once who comes, and after the grace period who has gone', async () => {
    const watcher = await sockets.connect(ada);
    expect(await watch(watcher, ben)).toEqual([{ userId: ben.id, state: 'offline', lastSeenAt: null }]);
    const socket = await sockets.connect(ben);
    expect(await hears(watcher, ben, 'active')).toEqual({ userId: ben.id, state: 'active', lastSeenAt: null });
    await leaveForGood(socket, ben);
    const gone = await hears(watcher, ben, 'offline');
    expect(gone).toEqual({ userId: ben.id, state: 'offline', lastSeenAt: expect.any(String) });
    expect(await watch(watcher, ben)).toEqual([gone]);
  });

  it('does not answer with a state that was told to be over while it was looked up', async () => {
    const watcher = await sockets.connect(ada);
    const writing = await lock('connections IN EXCLUSIVE');
    await sockets.connect(ben);
    const reading = await lock('users IN ACCESS EXCLUSIVE');
    const answer = watch(watcher, ben);
    // That Ben is offline has been read; when he was there last is asked for.
    await waits('SELECT id, last_seen_at AS at');
    await writing.end();
    const told = await hears(watcher, ben, 'active');
    await reading.end();
    expect(await answer).toEqual([told]);
  });

  it('does not answer about somebody who has blocked one while it was looked up', async () => {
    const watcher = await sockets.connect(ada);
    await sockets.connect(ben);
    const reading = await lock('connections IN ACCESS EXCLUSIVE');
    const answer = watch(watcher, ben);
    await waits('array_agg(DISTINCT c.state)');
    await ben.rest.put(`/users/me/blocks/${ada.id}`);
    await hears(watcher, ben, 'offline');
    await reading.end();
    expect(await answer).toEqual([]);
  });

  it('tells who goes away and comes back, over all of their devices', async () => {
    const watcher = await sockets.connect(ada);
    await watch(watcher, ben);
    const phone = await sockets.connect(ben);
    await hears(watcher, ben, 'active');
    expect(await phone.command('presence:set', { state: 'away' })).toEqual({ ok: true, data: null });
    await hears(watcher, ben, 'away');
    const laptop = await sockets.connect(await anotherSession(app, ben));
    await hears(watcher, ben, 'active');
    await leaveForGood(laptop, ben);
    await hears(watcher, ben, 'away');
    await phone.command('presence:set', { state: 'active' });
    await hears(watcher, ben, 'active');
  });

  it('does not mention somebody who comes back within the grace period', async () => {
    const watcher = await sockets.connect(ada);
    await watch(watcher, ben);
    const first = await sockets.connect(ben);
    await hears(watcher, ben, 'active');
    const second = await sockets.connect(ben);
    await second.command('presence:set', { state: 'away' });
    await leaveForGood(first, ben);
    await hears(watcher, ben, 'away');
    expect(heardOf(watcher, ben)).not.toContain('offline');
  });

  it('is silent about strangers, and about people behind a block, whoever set it', async () => {
    const watcher = await sockets.connect(cleo);
    expect(await watch(watcher, ada, ben)).toEqual([]);
    await addTo(group, ada, cleo);
    await ada.rest.put(`/users/me/blocks/${cleo.id}`);
    expect((await watch(watcher, ada, ben)).map(({ userId }) => userId)).toEqual([ben.id]);
    const byAda = await sockets.connect(ada);
    expect(await watch(byAda, cleo)).toEqual([]);
    await sockets.connect(ben);
    await hears(watcher, ben, 'active');
    expect(heardOf(watcher, ada)).toEqual([]);
  });

  it('ends at a block that comes later, for both, and for them it looks like leaving', async () => {
    await addTo(group, ada, cleo);
    const [hers, his, third] = [await sockets.connect(ada), await sockets.connect(ben), await sockets.connect(cleo)];
    await watch(hers, ben, cleo);
    await watch(his, ada, cleo);
    await ben.rest.put(`/users/me/blocks/${ada.id}`);
    expect(await hears(hers, ben, 'offline')).toEqual({ userId: ben.id, state: 'offline', lastSeenAt: null });
    expect(await hears(his, ada, 'offline')).toEqual({ userId: ada.id, state: 'offline', lastSeenAt: null });
    for (const socket of [his, hers, third]) await socket.command('presence:set', { state: 'away' });
    for (const socket of [his, hers]) await hears(socket, cleo, 'away');
    expect([heardOf(hers, ben).at(-1), heardOf(his, ada).at(-1)]).toEqual(['offline', 'offline']);
  });

  it('does not tell of a block to somebody who was not watching', async () => {
    const [blocked, other] = [await sockets.connect(cleo), await sockets.connect(ben)];
    await addTo(group, ada, cleo);
    await watch(blocked, ben);
    await ada.rest.put(`/users/me/blocks/${cleo.id}`);
    await other.command('presence:set', { state: 'away' });
    await hears(blocked, ben, 'away');
    expect(heardOf(blocked, ada)).toEqual([]);
  });

  it('stops when nothing is shared any more', async () => {
    await addTo(group, ada, cleo);
    const [watcher, other] = [await sockets.connect(cleo), await sockets.connect(ben)];
    await watch(watcher, ben, cleo);
    await removeFrom(group, ada, cleo);
    await watcher.next('conversation:left');
    await other.command('presence:set', { state: 'away' });
    await watcher.command('presence:set', { state: 'away' });
    await hears(watcher, cleo, 'away');
    expect(heardOf(watcher, ben)).not.toContain('away');
  });

  it('stops when it is told to', async () => {
    const [watcher, other] = [await sockets.connect(ada), await sockets.connect(ben)];
    await watch(watcher, ben, ada);
    expect(await watcher.command('presence:unwatch', { userIds: [ben.id] })).toEqual({ ok: true, data: null });
    await other.command('presence:set', { state: 'away' });
    await watcher.command('presence:set', { state: 'away' });
    await hears(watcher, ada, 'away');
    expect(heardOf(watcher, ben)).not.toContain('away');
  });

  it('answers the same over REST, for ids in one parameter or in several', async () => {
    await addTo(group, ada, cleo);
    await sockets.connect(ben);
    const items = [
      { userId: ben.id, state: 'active', lastSeenAt: null },
      { userId: cleo.id, state: 'offline', lastSeenAt: null },
    ];
    const stranger = Object.values(await people(app, 'dan'))[0]!;
    const both = `${ben.id},${cleo.id.toUpperCase()}`;
    await eventually(async () => {
      expect(await ada.rest.get(`/presence?userIds=${both},${stranger.id}`)).toMatchObject({
        status: 200,
        body: { items },
      });
    });
    expect((await ada.rest.get(`/presence?userIds=${ben.id}&userIds=${cleo.id},${ben.id}`)).body).toEqual({ items });
    expect((await stranger.rest.get(`/presence?userIds=${both}`)).body).toEqual({ items: [] });
  });

  it('refuses what is not a list of at most 200 ids', async () => {
    const many = Array.from({ length: 201 }, (_, n) => `0192f0bf-5c2e-7f00-a1b2-${String(n).padStart(12, '0')}`);
    for (const query of ['', '?userIds=', '?userIds=ada', `?userIds=${many.join(',')}`, `?userIds=${ben.id}&limit=1`]) {
      expect(await ada.rest.get<Problem>(`/presence${query}`)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    }
    expect((await ada.rest.get(`/presence?userIds=${many.slice(1).join(',')}`)).body).toEqual({ items: [] });
  });
});

describe('typing over sockets', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });
  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
  });
  afterEach(() => sockets.closeAll());
  afterAll(() => app.close());

  const next = (socket: TestSocket, withinMs?: number): Promise<FactMap['typing:changed']> =>
    socket.next('typing:changed', () => true, withinMs);

  it('tells the members when it begins, when it ends, and not how often it is repeated', async () => {
    const [writer, reader] = [await sockets.connect(ada), await sockets.connect(ben)];
    for (let i = 0; i < 3; i += 1) {
      expect(await writer.command('typing:start', { conversationId: group })).toEqual({ ok: true, data: null });
    }
    expect(await writer.command('typing:stop', { conversationId: group })).toEqual({ ok: true, data: null });
    expect(await next(reader)).toEqual({ conversationId: group, userId: ada.id, typing: true });
    expect(await next(reader)).toEqual({ conversationId: group, userId: ada.id, typing: false });
    expect(reader.count('typing:changed')).toBe(2);
  });

  it('ends by itself', async () => {
    const [writer, reader] = [await sockets.connect(ada), await sockets.connect(ben)];
    await writer.command('typing:start', { conversationId: group });
    expect(await next(reader)).toMatchObject({ typing: true });
    expect(await next(reader, FORGOTTEN_AFTER_MS)).toMatchObject({ userId: ada.id, typing: false });
  });

  it('is refused to strangers and told to none', async () => {
    const [writer, stranger] = [await sockets.connect(ada), await sockets.connect(cleo)];
    for (const command of ['typing:start', 'typing:stop'] as const) {
      const ack = await stranger.command(command, { conversationId: group });
      expect(ack).toMatchObject({ ok: false, error: { code: 'conversation_not_found' } });
    }
    const shared = await groupOf(ada, cleo);
    await writer.command('typing:start', { conversationId: group });
    await writer.command('typing:start', { conversationId: shared });
    expect(await next(stranger)).toMatchObject({ conversationId: shared });
    expect(stranger.count('typing:changed')).toBe(1);
  });

  it('is not told across a block', async () => {
    const direct = await directOf(ada, ben);
    const [writer, reader] = [await sockets.connect(ada), await sockets.connect(ben)];
    await ben.rest.put(`/users/me/blocks/${ada.id}`);
    expect(await writer.command('typing:start', { conversationId: direct })).toEqual({ ok: true, data: null });
    await writer.command('typing:start', { conversationId: group });
    expect(await next(reader)).toMatchObject({ conversationId: group });
    expect(reader.count('typing:changed')).toBe(1);
  });
});
