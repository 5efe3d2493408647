import { Audit } from '../../apps/server/src/realtime/audit.js';
import { groupOf } from '../support/groups.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('the session of a socket', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;

  beforeAll(async () => {
    app = await startApp();
    // What ends here ends because it was told at once, and not because a comparison found it seconds later.
    app.app.get(Audit, { strict: false }).onModuleDestroy();
    sockets = new Sockets(app);
  });
  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterEach(() => sockets.closeAll());
  afterAll(() => app.close());

  async function expectRevoked(socket: TestSocket): Promise<void> {
    expect(await socket.next('session:ended')).toEqual({
      reason: 'session_revoked',
      mayReconnect: false,
      retryInMs: null,
    });
    expect(await socket.end()).toBe('io server disconnect');
  }

  it('ends when it is revoked, over every transport, and no other', async () => {
    const other = await anotherSession(app, ada);
    const [kept, ended, polling] = [
      await sockets.connect(ada),
      await sockets.connect(other),
      await sockets.connect(other, { transports: ['polling'] }),
    ];
    await ada.rest.delete(`/auth/sessions/${other.sessionId}`);
    await Promise.all([expectRevoked(ended), expectRevoked(polling)]);
    expect(await kept.command('presence:set', { state: 'away' })).toEqual({ ok: true, data: null });
  });

  it('ends with a log-out, a log-out everywhere and a change of the password', async () => {
    const [second, third] = [await anotherSession(app, ada), await anotherSession(app, ada)];
    const [first, loggedOut, others] = [
      await sockets.connect(ada),
      await sockets.connect(second),
      await sockets.connect(third),
    ];
    await second.rest.post('/auth/logout');
    await expectRevoked(loggedOut);
    await ada.rest.put('/auth/password', { currentPassword: ada.password, newPassword: 'another password of ada' });
    await expectRevoked(others);
    await ada.rest.post('/auth/logout-all');
    await expectRevoked(first);
  });

  it('delivers nothing after it has ended', async () => {
    const group = await groupOf(ada, ben);
    const [sender, ended] = [await sockets.connect(ben), await sockets.connect(ada)];
    await ada.rest.post('/auth/logout');
    await sender.say(group, 'too late');
    await ended.end();
    expect(ended.messages(group)).toEqual([]);
  });

  it('ends when it is revoked while the socket is being let in', async () => {
    for (let round = 0; round < 10; round += 1) {
      const other = await anotherSession(app, ada);
      const socket = sockets.open({ auth: { token: other.accessToken }, transports: ['websocket'] });
      const refused = new Promise<string>((resolve) => socket.io.once('connect_error', () => resolve('refused')));
      await ada.rest.delete(`/auth/sessions/${other.sessionId}`);
      expect(await Promise.race([socket.end(), refused])).toMatch(/^(io server disconnect|refused)$/);
    }
  });
});

describe('the token of a socket', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;

  beforeAll(async () => {
    app = await startApp({ env: { PARLEY_ACCESS_TOKEN_SECONDS: '5' } });
    sockets = new Sockets(app);
  });
  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterEach(() => sockets.closeAll());
  afterAll(() => app.close());

  async function refreshed(person: Person): Promise<string> {
    const { body } = await person.rest.post<{ accessToken: string }>('/auth/refresh', {
      refreshToken: person.refreshToken,
    });
    return body.accessToken;
  }

  it('expires with a warning and a farewell that says to come back', async () => {
    const socket = await sockets.connect(ada);
    const { expiresAt } = await socket.next('session:expiring');
    expect(socket.ended).toBeNull();
    expect(await socket.next('session:ended')).toEqual({ reason: 'token_expired', mayReconnect: true, retryInMs: 0 });
    await socket.end();
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    const refusal = await sockets.refusal({ auth: { token: ada.accessToken } });
    expect(refusal.problem).toMatchObject({ code: 'token_expired', status: 401 });
    await sockets.connect({ accessToken: await refreshed(ada) });
  });

  it('can be renewed on the open connection, which then goes on', async () => {
    const [renewing, expiring] = [await sockets.connect(ada), await sockets.connect(ben)];
    const { expiresAt: first } = await renewing.next('session:expiring');
    const ack = await renewing.command('auth:refresh', { accessToken: await refreshed(ada) });
    expect(ack).toEqual({ ok: true, data: { expiresAt: expect.any(String) } });
    const { expiresAt: second } = await renewing.next('session:expiring');
    expect(Date.parse(second)).toBeGreaterThan(Date.parse(first));
    await expiring.end();
    expect(renewing.ended).toBeNull();
  });

  it('cannot be renewed with that of another session or person, or with nonsense', async () => {
    const socket = await sockets.connect(ada);
    const others = [(await anotherSession(app, ada)).accessToken, ben.accessToken, 'nonsense'];
    for (const accessToken of others) {
      const ack = await socket.command('auth:refresh', { accessToken });
      expect(ack).toMatchObject({ ok: false, error: { code: 'token_invalid' } });
    }
  });
});
