import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { Ack, MessageView, SentMessageView } from '@parley/contracts';
import { eventually } from '../support/eventually.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';
import { historyOf } from '../support/steady-load.js';

const TIMES = 100;

/** A send whose answer never arrives, in each of the ways in which that happens. */
type LosingSend = (message: { clientId: string; body: string }) => Promise<void>;

describe('a send whose answer is lost a hundred times', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;
  let group: string;
  let bens: TestSocket;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });

  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    group = await groupOf(ada, ben);
    bens = await sockets.connect(ben);
  });

  afterEach(() => sockets.closeAll());

  afterAll(() => app.close());

  /** The connection ends as soon as the command is on its way. */
  const losingSocket: LosingSend = async (message) => {
    const socket = await sockets.connect(ada);
    socket.io.emit('message:send', { conversationId: group, ...message }, () => undefined);
    // What has been written before it is closed still leaves.
    socket.close();
    await socket.end();
  };

  /** Nobody listens to the answer. */
  const losingAck: LosingSend = async (message) => {
    const socket = await sockets.connect(ada);
    const answered = new Promise<Ack<SentMessageView>>((resolve) => {
      socket.io.emit('message:send', { conversationId: group, ...message }, resolve);
    });
    await answered;
    socket.close();
  };

  /** The request is aborted when all of it has been sent. */
  const losingResponse: LosingSend = (message) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(message);
      const headers = {
        authorization: `Bearer ${ada.accessToken}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      const asking = request(`${app.url}/v1/conversations/${group}/messages`, {
        method: 'POST',
        headers,
        agent: false,
      });
      asking.on('error', () => undefined);
      asking.on('response', () => reject(new Error('The answer was heard')));
      asking.on('close', () => resolve());
      asking.end(body, () => asking.destroy());
    });

  async function expectOnce(clientId: string, body: string): Promise<void> {
    const adas = await sockets.connect(ada);
    const answered = await adas.command('message:send', { conversationId: group, clientId, body });
    expect(answered).toMatchObject({ ok: true, data: { seq: 2, clientId, body, duplicate: true } });
    const marker = await adas.say(group, 'marker');
    expect(marker.seq).toBe(3);
    await bens.next('message:sent', ({ seq }) => seq === marker.seq);
    expect(bens.messages(group).map((message) => [message.seq, message.body])).toEqual([
      [2, body],
      [3, 'marker'],
    ]);
    const history: MessageView[] = await historyOf(ben, group);
    expect(history.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  }

  const stored = (clientId: string): Promise<void> =>
    eventually(async () => {
      const history = await historyOf(ada, group);
      expect(history.map((message) => message.clientId)).toContain(clientId);
    });

  it.each([
    { way: 'because the connection ends', lose: losingSocket },
    { way: 'because nobody listens to it', lose: losingAck },
    { way: 'because the request is aborted', lose: losingResponse },
  ])(
    'is one message, $way',
    async ({ lose }) => {
      const message = { clientId: randomUUID(), body: 'Did you get this?' };
      for (let time = 0; time < TIMES; time += 1) await lose(message);
      await stored(message.clientId);
      await expectOnce(message.clientId, message.body);
    },
    60_000,
  );

  it('is one message when all tries are made at the same time, by all ways', async () => {
    const message = { clientId: randomUUID(), body: 'Did you get this?' };
    const ways = [losingSocket, losingAck, losingResponse];
    const rounds = Array.from({ length: Math.ceil(TIMES / ways.length) }, () => ways).flat();
    await Promise.all(rounds.map((lose) => lose(message)));
    await stored(message.clientId);
    await expectOnce(message.clientId, message.body);
  }, 60_000);
});
