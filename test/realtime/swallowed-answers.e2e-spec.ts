import { randomUUID } from 'node:crypto';
import type { MessageView, SentMessageView } from '@parley/contracts';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { rest, type Rest } from '../support/rest.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Ada is behind a network that swallows the answers of the server; Ben is not. */
describe('a request whose answer is lost again and again', () => {
  let app: RunningApp;
  let proxy: CuttingProxy;
  let throughProxy: Sockets, direct: Sockets;
  let ada: Person, ben: Person;
  let adasRest: Rest;
  let group: string;
  let bens: TestSocket;

  beforeAll(async () => {
    app = await startApp();
    proxy = await CuttingProxy.to('127.0.0.1', Number(new URL(app.url).port));
    const url = `http://127.0.0.1:${proxy.localPort}`;
    [throughProxy, direct] = [new Sockets({ url }), new Sockets(app)];
    adasRest = rest({ url }, { token: () => ada.accessToken });
  });
  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    group = await groupOf(ada, ben);
    bens = await direct.connect(ben);
  });
  afterEach(() => {
    throughProxy.closeAll();
    direct.closeAll();
  });
  afterAll(async () => {
    await proxy.close();
    await app.close();
  });

  const connect = (): Promise<TestSocket> => throughProxy.connect(ada, { transports: ['websocket'] });

  /** Sends over a connection of its own, which breaks when the server answers. */
  async function loseAck(command: string, input: object): Promise<void> {
    const socket = await connect();
    proxy.cutAnswers();
    socket.io.emit(command as 'typing:stop', input as { conversationId: string }, () => {
      throw new Error('The answer should have been lost');
    });
    await socket.end();
    proxy.heal();
  }

  /** Asks over REST, and the connection breaks when the server answers. */
  async function loseResponse(ask: () => Promise<unknown>): Promise<void> {
    proxy.cutAt('/messages', 'after');
    await expect(ask()).rejects.toThrow();
  }

  async function history(): Promise<MessageView[]> {
    const { body } = await ben.rest.get<{ items: MessageView[] }>(`/conversations/${group}/messages`);
    return body.items;
  }

  it('sends one message, however often: 100 losses, two transports, a connection for each try', async () => {
    const input = { clientId: randomUUID(), body: 'Is anybody there?' };
    const path = `/conversations/${group}/messages`;
    for (const n of range(1, 100)) {
      if (n % 3 === 0) await loseResponse(() => adasRest.post(path, input));
      else await loseAck('message:send', { conversationId: group, ...input });
    }
    // All were answered. Where an answer came in two parts, this looks at the first.
    const answers = proxy.swallowed.filter((text) => text.includes('"duplicate":true'));
    expect(answers.length).toBeGreaterThan(80);

    const socket = await connect();
    const answer = await socket.command('message:send', { conversationId: group, ...input });
    expect(answer).toMatchObject({ ok: true, data: { seq: 2, duplicate: true, body: input.body } });
    const overRest = await adasRest.post<SentMessageView>(path, input);
    expect(overRest).toMatchObject({ status: 200, body: { seq: 2, duplicate: true } });

    const marker = await socket.say(group, 'marker');
    await bens.next('message:sent', ({ seq }) => seq === marker.seq);
    expect(bens.messages(group).map(({ seq, body }) => [seq, body])).toEqual([
      [2, 'Is anybody there?'],
      [3, 'marker'],
    ]);
    expect((await history()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('changes a message once: an edit, a reaction and a deletion take one number each', async () => {
    const { seq } = await (await connect()).say(group, 'first');
    const [on, path] = [{ conversationId: group, seq }, `/conversations/${group}/messages/${seq}`];
    const tries: [string, object, () => Promise<unknown>][] = [
      ['message:edit', { body: 'second', version: 1 }, () => adasRest.patch(path, { body: 'second', version: 1 })],
      ['reaction:add', { emoji: '👍' }, () => adasRest.put(`${path}/reactions/${encodeURIComponent('👍')}`)],
      ['message:delete', { version: 2 }, () => adasRest.delete(`${path}?version=2`)],
    ];
    for (const [command, input, ask] of tries) {
      for (const n of range(1, 6)) {
        if (n % 3 === 0) await loseResponse(ask);
        else await loseAck(command, { ...on, ...input });
      }
    }
    const answer = await (await connect()).command('message:delete', { ...on, version: 2 });
    expect(answer).toMatchObject({ ok: true, data: { version: 3, changedSeq: seq + 3, body: null, reactions: [] } });
    await bens.next('message:changed', ({ change }) => change === 'deleted');
    const told = bens.heard.flatMap(({ fact, payload }) =>
      fact === 'message:changed' ? [[payload.seq, payload.change]] : [],
    );
    expect(told).toEqual([
      [seq + 1, 'edited'],
      [seq + 2, 'reaction_added'],
      [seq + 3, 'deleted'],
    ]);
  });
});
