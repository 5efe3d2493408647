import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { forgeToken } from '../support/forged-token.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { RawSocket } from '../support/raw-socket.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('connecting', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;
  let raw: RawSocket | null = null;

  beforeAll(async () => {
    app = await startApp({ env: { PARLEY_ALLOWED_ORIGINS: 'https://chat.example.com' } });
    sockets = new Sockets(app);
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterEach(() => {
    sockets.closeAll();
    raw?.close();
  });
  afterAll(() => app.close());

  const withToken = (token: unknown): object => ({ auth: { token } });

  describe('by whatever transport', () => {
    it.each([
      ['the default ones', undefined],
      ['long polling alone', ['polling']],
      ['WebSocket alone', ['websocket']],
    ])('lets a plain client in over %s, which sends and hears', async (_name, transports) => {
      const group = await groupOf(ada, ben);
      const options = transports === undefined ? {} : { transports };
      const [first, second] = [await sockets.connect(ada, options), await sockets.connect(ben, options)];
      const sent = await first.say(group, 'Hello, Ben!');
      expect(await second.next('message:sent')).toEqual({
        conversationId: group,
        seq: sent.seq,
        message: expect.objectContaining({ body: 'Hello, Ben!', senderId: ada.id }),
      });
    });

    it('tells first that it is ready, whose it is, and what the limits are', async () => {
      const socket = await sockets.connect(ada);
      expect(socket.heard[0]).toEqual({
        fact: 'ready',
        payload: {
          userId: ada.id,
          sessionId: ada.sessionId,
          epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
          limits: expect.objectContaining({ commandsInFlightMax: 64, payloadMaxBytes: 65_536 }),
        },
      });
    });

    it('says in one piece that it is connected and ready, which is one system call for each of thousands', async () => {
      raw = await RawSocket.open(app);
      const pieces: string[] = [];
      (raw.ws as unknown as { _socket: Socket })._socket.on('data', (bytes) => pieces.push(bytes.toString()));
      raw.send(`40${JSON.stringify({ token: ada.accessToken })}`);
      await raw.packet('42["ready"');
      expect(pieces).toEqual([expect.stringMatching(/40\{"sid":.*42\["ready"/)]);
    });

    it('is served by our adapter, with its limits', async () => {
      const answer = await fetch(`${app.url}/socket.io/?EIO=4&transport=polling`);
      expect(JSON.parse((await answer.text()).slice(1))).toMatchObject({ maxPayload: 65_536 });
    });

    it('serves the client of Socket.IO itself, for pages that bring none', async () => {
      const answer = await fetch(`${app.url}/socket.io/socket.io.min.js`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('javascript');
    });

    it('carries out commands that come before it is ready', async () => {
      const group = await groupOf(ada, ben);
      const socket = sockets.open(withToken(ada.accessToken));
      const bodies = ['one', 'two', 'three'];
      const acks = await Promise.all(
        bodies.map((body) => socket.command('message:send', { conversationId: group, clientId: randomUUID(), body })),
      );
      expect(acks).toEqual(
        bodies.map((body, index) => ({ ok: true, data: expect.objectContaining({ body, seq: index + 2 }) })),
      );
      expect(socket.heard[0]?.fact).toBe('ready');
    });
  });

  describe('without the right to', () => {
    it.each([
      ['no token', undefined, 'token_missing'],
      ['an empty token', '', 'token_missing'],
      ['a token that is not a text', { $gt: '' }, 'token_invalid'],
      ['a token that is no token', 'abc.def.ghi', 'token_invalid'],
      ['a token of 60 KB', 'x'.repeat(60_000), 'token_invalid'],
      [
        'a token signed with another secret',
        forgeToken({ sub: randomUUID() }, 'another secret, also long enough'),
        'token_invalid',
      ],
    ])('refuses %s with a typed error', async (_name, token, code) => {
      const refusal = await sockets.refusal(withToken(token));
      expect(refusal.problem).toMatchObject({ code, status: 401, retryable: false, requestId: expect.any(String) });
    });

    it('refuses a session that was logged out', async () => {
      const { cleo } = await people(app, 'cleo');
      await cleo.rest.post('/auth/logout');
      const refusal = await sockets.refusal(withToken(cleo.accessToken));
      expect(refusal.problem).toMatchObject({ code: 'session_ended', status: 401 });
    });

    it('refuses a namespace that does not exist', async () => {
      raw = await RawSocket.open(app);
      raw.send(`40/admin,${JSON.stringify({ token: ada.accessToken })}`);
      expect(await raw.packet('44/admin,')).toContain('Invalid namespace');
    });

    it('ends a connection that asks to connect 500 times, and nobody else', async () => {
      const bystander = await sockets.connect(ben);
      raw = await RawSocket.open(app);
      for (let i = 0; i < 500; i += 1) raw.send(`40/n${i},{}`);
      await raw.closed;
      expect(raw.received.filter((packet) => packet.startsWith('44')).length).toBeLessThanOrEqual(3);
      expect(await bystander.command('presence:set', { state: 'away' })).toEqual({ ok: true, data: null });
    });

    it('carries one socket per connection', async () => {
      raw = await RawSocket.open(app);
      const connect = `40${JSON.stringify({ token: ada.accessToken })}`;
      raw.send(connect);
      raw.send(connect);
      expect(JSON.parse((await raw.packet('44')).slice(2))).toMatchObject({ data: { code: 'request_malformed' } });
      await raw.packet('42["ready"');
    });

    it('may try again on the same connection after a refusal', async () => {
      raw = await RawSocket.open(app);
      raw.send('40{"token":"nonsense"}');
      await raw.packet('44');
      raw.send(`40${JSON.stringify({ token: ada.accessToken })}`);
      await raw.packet('42["ready"');
    });
  });

  describe('from a page', () => {
    const handshake = (origin: string): Promise<Response> =>
      fetch(`${app.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });

    it('refuses pages of other origins, over polling and over WebSocket', async () => {
      const answer = await handshake('https://evil.example');
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ message: 'origin_forbidden' });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      await expect(RawSocket.open(app, { origin: 'https://evil.example' })).rejects.toThrow('closed');
    });

    it('takes pages of its own and of allowed origins', async () => {
      for (const origin of [app.url, 'https://chat.example.com']) {
        const answer = await handshake(origin);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
        raw = await RawSocket.open(app, { origin });
        raw.close();
      }
    });
  });
});
