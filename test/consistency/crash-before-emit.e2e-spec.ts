import { randomUUID } from 'node:crypto';
import type { SentMessageView } from '@parley/contracts';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { rest } from '../support/rest.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('a server that is killed between commit and emit', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let doomed: ServerProcess;
  let survivor: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;

  beforeAll(async () => {
    database = await createDatabase();
    const url = new URL(database.url);
    proxy = await CuttingProxy.to(url.hostname, Number(url.port || 5432));
    url.host = `127.0.0.1:${proxy.localPort}`;
    [doomed, survivor] = await Promise.all([
      startServer({ databaseUrl: url.href }, { PARLEY_FAN_OUT: 'local' }),
      startApp({ databaseUrl: database.url }),
    ]);
    sockets = new Sockets(survivor);
    ({ ada, ben } = await people(survivor, 'ada', 'ben'));
  });

  afterAll(async () => {
    sockets.closeAll();
    await doomed.program.kill('SIGKILL');
    await survivor.close();
    await proxy.close();
    await database.drop();
  });

  it('has its message told by another one, once, and its sender finds it there', async () => {
    const group = await groupOf(ada, ben);
    const socket = await sockets.connect(ben);
    const message = { clientId: randomUUID(), body: 'Is anybody there?' };
    const path = `/conversations/${group}/messages`;

    // The message is committed, the server that sent it never learns, and dies.
    proxy.cutAt('append_messages', 'after', { refuse: true });
    const unanswered = rest(doomed, { token: () => ada.accessToken }).post(path, message);
    await proxy.cut;
    await doomed.program.kill('SIGKILL');
    await expect(unanswered).rejects.toThrow();

    const { message: heard } = await socket.next('message:sent', (fact) => fact.message.clientId === message.clientId);
    const again = await ada.rest.post<SentMessageView>(path, message);
    expect(again).toMatchObject({ status: 200, body: { duplicate: true, seq: heard.seq } });

    const { seq } = (await ada.rest.post<SentMessageView>(path, { clientId: randomUUID(), body: 'marker' })).body;
    await socket.next('message:sent', (fact) => fact.seq === seq);
    expect(socket.messages(group).map(({ body }) => body)).toEqual(['Is anybody there?', 'marker']);
  });
});
