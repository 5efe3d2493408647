import { randomUUID } from 'node:crypto';
import { DrainService } from '../../apps/server/src/health/drain.service.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('a server that goes away', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;

  beforeEach(async () => {
    app = await startApp();
    sockets = new Sockets(app);
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterEach(async () => {
    sockets.closeAll();
    await app.close();
  });

  const drain = (): Promise<void> => app.app.get(DrainService, { strict: false }).drain();

  it('tells every client to come back, and then lets it go', async () => {
    const all = [
      await sockets.connect(ada),
      await sockets.connect(ben, { transports: ['polling'] }),
      await sockets.connect(ben, { transports: ['websocket'] }),
    ];
    await drain();
    for (const socket of all) {
      const farewell = { reason: 'server_draining', mayReconnect: true, retryInMs: expect.any(Number) };
      expect(await socket.next('server:draining')).toEqual(farewell);
      expect(await socket.end()).toBe('io server disconnect');
    }
  });

  it('lets nobody in any more', async () => {
    const drained = drain();
    const refusal = await sockets.refusal({ auth: { token: ada.accessToken } });
    expect(refusal.problem).toMatchObject({ code: 'server_draining', status: 503, retryable: true });
    await drained;
  });

  it('answers what it was asked before, and stores nothing that it refuses', async () => {
    const group = await groupOf(ada, ben);
    const socket = await sockets.connect(ada);
    const acks = Array.from({ length: 60 }, (_, i) =>
      socket.command('message:send', { conversationId: group, clientId: randomUUID(), body: `${i}` }),
    );
    // The server has all of them once it has answered the first.
    await acks[0];
    await drain();
    const stored = (await Promise.all(acks)).filter((ack) => ack.ok);
    const { body } = await ada.rest.get<{ items: unknown[] }>(`/conversations/${group}/messages?limit=100`);
    expect(body.items).toHaveLength(stored.length + 1);
    expect(stored.length).toBe(60);
  });

  it('lets go of many, and cuts none of them off', async () => {
    const crowd = await Promise.all(
      Array.from({ length: 40 }, () => sockets.connect(ada, { transports: ['websocket'] })),
    );
    await drain();
    const ends = await Promise.all(crowd.map((socket) => socket.end()));
    expect(new Set(ends)).toEqual(new Set(['io server disconnect']));
  });
});
