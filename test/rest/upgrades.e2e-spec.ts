import { randomUUID } from 'node:crypto';
import type { AuthView } from '@parley/contracts';
import { eventually } from '../support/eventually.js';
import { people, type Person } from '../support/people.js';
import { rawConnection, rawRequest, sendRaw, type RawAnswer } from '../support/raw-http.js';
import { startApp, type RunningApp } from '../support/start-app.js';

/** What `curl --http2` and Java's client send with their first request. */
const OFFER = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' };
const LAST_OFFER = { ...OFFER, Connection: 'Upgrade, close, HTTP2-Settings' };

describe('requests that offer another protocol', () => {
  let server: RunningApp;
  let ada: Person;

  beforeAll(async () => {
    server = await startApp();
    ({ ada } = await people(server, 'ada'));
  });

  afterEach(async () => {
    const http = server.app.getHttpServer();
    await eventually(async () => {
      const open = await new Promise<number>((resolve) => http.getConnections((_error, count) => resolve(count)));
      expect(open).toBe(0);
    });
  });

  afterAll(() => server.close());

  const login = (headers: Record<string, string>): Buffer => {
    const body = JSON.stringify({ username: ada.username, password: ada.password });
    const length = String(Buffer.byteLength(body));
    return rawRequest(
      'POST /v1/auth/login',
      { 'Content-Type': 'application/json', 'Content-Length': length, ...headers },
      body,
    );
  };

  /** Its status line and headers, without what is different each time. */
  const shapeOf = ({ status, headers }: RawAnswer): object => ({
    status,
    headers: { ...headers, date: '', 'x-request-id': '' },
  });

  it('are answered as if they did not', async () => {
    const plain = await sendRaw(server.url, rawRequest('GET /health', {}));
    const offering = await sendRaw(server.url, rawRequest('GET /health', LAST_OFFER));
    expect(shapeOf(offering)).toEqual(shapeOf(plain));
    expect(offering.text).toBe(plain.text);
  });

  it('are answered by routes that do not exist, too', async () => {
    const answer = await sendRaw(server.url, rawRequest('GET /socket.iox', LAST_OFFER));
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'route_not_found' });
  });

  it('keep their body', async () => {
    const answer = await sendRaw(server.url, login(LAST_OFFER));
    expect(answer.status).toBe(200);
    expect((JSON.parse(answer.text) as AuthView).user.id).toBe(ada.id);
  });

  it('keep a body that comes later', async () => {
    const request = login(LAST_OFFER);
    const { socket, answer } = rawConnection(server.url);
    socket.write(request.subarray(0, -10));
    await eventually(() => expect(socket.bytesWritten).toBe(request.length - 10));
    socket.write(request.subarray(-10));
    expect((await answer).status).toBe(200);
  });

  it('keep a body in chunks, and what follows it', async () => {
    const body = JSON.stringify({ username: ada.username, password: ada.password });
    const chunked = rawRequest(
      'POST /v1/auth/login',
      { ...OFFER, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    const answer = await sendRaw(server.url, Buffer.concat([chunked, rawRequest('GET /health', {})]));
    expect(statusesIn(answer)).toEqual([200, 200]);
    expect(answer.text).toContain('{"status":"ok"}');
  });

  it('may come one after the other on one connection, answered in their order', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on('warning', onWarning);
    const requests = Array.from({ length: 20 }, (_, index) => [
      rawRequest('GET /v1/users/me', { Connection: 'keep-alive', Authorization: `Bearer ${ada.accessToken}` }),
      login(OFFER),
      rawRequest(`GET /v1/nowhere-${index}`, OFFER),
    ]).flat();
    const answer = await sendRaw(server.url, Buffer.concat([...requests, rawRequest('GET /health', LAST_OFFER)]));
    process.off('warning', onWarning);
    expect(statusesIn(answer)).toEqual([...Array.from({ length: 20 }, () => [200, 200, 404]).flat(), 200]);
    expect(warnings).toEqual([]);
  });

  it('wait for a poll before them', async () => {
    const handshake = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { connection: 'close' },
    });
    const { sid } = JSON.parse((await handshake.text()).slice(1)) as { sid: string };
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const { socket, answer } = rawConnection(server.url);
    socket.write(
      Buffer.concat([rawRequest(`GET ${path}`, { Connection: 'keep-alive' }), rawRequest('GET /health', LAST_OFFER)]),
    );
    const token = `40${JSON.stringify({ token: ada.accessToken })}`;
    await fetch(`${server.url}${path}`, { method: 'POST', body: token, headers: { connection: 'close' } });
    expect(statusesIn(await answer)).toEqual([200, 200]);
    await fetch(`${server.url}${path}`, { method: 'POST', body: '1', headers: { connection: 'close' } });
  });

  it('are refused when they have more headers than can be handed on', async () => {
    const many = 'a:\r\n'.repeat(1_100);
    const bytes = `POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${many}Content-Length: 2\r\n\r\n{}`;
    const answer = await sendRaw(server.url, bytes);
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'payload_too_large' });
  });

  it.each(['h2c', 'websocket'])('are refused by Socket.IO when it does not know them: %s', async (protocol) => {
    const path = `/socket.io/?EIO=4&transport=websocket&sid=${randomUUID()}`;
    const answer = await sendRaw(
      server.url,
      rawRequest(`GET ${path}`, {
        Connection: 'Upgrade',
        Upgrade: protocol,
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      }),
    );
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Session ID unknown');
  });

  function statusesIn({ status, text }: RawAnswer): number[] {
    return [status, ...[...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => Number(code))];
  }
});
