import { CuttingProxy } from '../support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('sockets while the database is away', () => {
  let database: TestDatabase;
  let app: RunningApp;
  let sockets: Sockets;
  let proxy: CuttingProxy;
  let ada: Person, ben: Person;

  beforeAll(async () => {
    database = await createDatabase();
    const url = new URL(database.url);
    proxy = await CuttingProxy.to(url.hostname, Number(url.port || 5432));
    url.host = `127.0.0.1:${proxy.localPort}`;
    app = await startApp({ databaseUrl: url.href });
    sockets = new Sockets(app);
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterEach(() => {
    proxy.heal();
    sockets.closeAll();
  });
  afterAll(async () => {
    await app.close();
    await proxy.close();
    await database.drop();
  });

  it('refuses to let a socket in with a retryable error, and lets it in afterwards', async () => {
    proxy.cutAnswers();
    const refusal = await sockets.refusal({ auth: { token: ada.accessToken } });
    expect(refusal.problem).toMatchObject({ code: 'service_unavailable', retryable: true });
    proxy.heal();
    await sockets.connect(ada);
  });

  it('sends a socket away to come back that was about to be let in', async () => {
    // Its session has just been verified and is taken on trust for a moment; its memberships cannot be read.
    await sockets.connect(ben);
    proxy.cutAnswers();
    const socket = sockets.open({ auth: { token: ben.accessToken }, transports: ['websocket'] });
    const farewell = await socket.next('session:ended');
    expect(farewell).toEqual({ reason: 'state_uncertain', mayReconnect: true, retryInMs: 500 });
    await socket.end();
  });

  it('refuses what it cannot look up, and keeps what was sent until the database is back', async () => {
    const group = await groupOf(ada, ben);
    const [socket, other] = [await sockets.connect(ada), await sockets.connect(ben)];
    proxy.cutAnswers();
    expect(await socket.command('typing:start', { conversationId: group })).toMatchObject({
      ok: false,
      error: { code: 'service_unavailable', status: 503, retryable: true },
    });
    const sent = socket.say(group, 'Hello');
    proxy.heal();
    expect(await sent).toMatchObject({ seq: 2, duplicate: false });
    await other.next('message:sent', ({ message }) => message.body === 'Hello');
    expect(other.messages(group)).toHaveLength(1);
  });
});
