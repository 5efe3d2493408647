import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ConversationView, ErrorCode, MessagePage } from '@parley/contracts';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rawConnection, rawRequest, sendRaw, type RawAnswer } from '../support/raw-http.js';
import { rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('hostile requests', () => {
  let server: RunningApp;
  let ada: Person, ben: Person;
  let conversationId: string;

  beforeAll(async () => {
    server = await startApp();
    ({ ada, ben } = await people(server, 'ada', 'ben'));
    const made = await ada.rest.post<ConversationView>('/conversations', { kind: 'direct', memberIds: [ben.id] });
    conversationId = made.body.id;
  });

  afterEach(async () => {
    const history = await ben.rest.get<MessagePage>(`/conversations/${conversationId}/messages`);
    expect(history.body.items).toEqual([]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  afterAll(() => server.close());

  /** Sends these bytes as the body of a message, with the headers that it takes. */
  const sendMessage = (body: string | Buffer, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    sendRaw(
      server.url,
      rawRequest(
        `POST /v1/conversations/${conversationId}/messages`,
        {
          Authorization: `Bearer ${ada.accessToken}`,
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(body)),
          ...headers,
        },
        body,
      ),
    );

  function expectRefused(answer: RawAnswer, status: number, code: ErrorCode): void {
    expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({
      status,
      type: 'application/problem+json; charset=utf-8',
    });
    expect(JSON.parse(answer.text)).toMatchObject({ status, code, requestId: answer.headers['x-request-id'] });
  }

  const message = (fields: string): string => `{"clientId":"${randomUUID()}",${fields}}`;

  it.each([
    ['bad JSON', '{"clientId":', 400, 'request_malformed'],
    ['no JSON at all', 'hello', 400, 'request_malformed'],
    ['a list', '[]', 400, 'validation_failed'],
    ['deep nesting', message(`"body":${'['.repeat(30_000)}${']'.repeat(30_000)}`), 400, 'validation_failed'],
    [
      'deeply nested objects',
      message(`"body":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`),
      400,
      'validation_failed',
    ],
    ['__proto__', message('"body":"hi","__proto__":{"role":"owner"}'), 400, 'validation_failed'],
    ['constructor', message('"body":"hi","constructor":{"prototype":{"role":"owner"}}'), 400, 'validation_failed'],
    ['an unknown field', message('"body":"hi","senderId":"me"'), 400, 'validation_failed'],
    ['an escaped NUL', message('"body":"a\\u0000b"'), 400, 'validation_failed'],
    ['a bare NUL', message('"body":"a\u0000b"'), 400, 'request_malformed'],
    ['a lone surrogate', message('"body":"\\udc00"'), 400, 'validation_failed'],
    ['a wrong type', message('"body":1'), 400, 'validation_failed'],
    ['a number beyond all numbers', message('"body":"hi","replyTo":1e400'), 400, 'validation_failed'],
    ['65 KB', message(`"body":"${'a'.repeat(65 * 1024)}"`), 413, 'payload_too_large'],
    ['a body over its limit', message(`"body":"${'a'.repeat(4_001)}"`), 400, 'validation_failed'],
  ] satisfies [string, string, number, ErrorCode][])('refuses %s', async (_what, body, status, code) => {
    expectRefused(await sendMessage(body), status, code);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from(message('"body":"a')).subarray(0, -1),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expectRefused(await sendMessage(body), 400, 'request_malformed');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-7',
  ])('refuses %s', async (type) => {
    expectRefused(await sendMessage(message('"body":"hi"'), { 'Content-Type': type }), 415, 'media_type_unsupported');
  });

  it('refuses a compressed body', async () => {
    expectRefused(await sendMessage('x', { 'Content-Encoding': 'gzip' }), 415, 'media_type_unsupported');
  });

  it.each([
    ['a chunked body that grows over the limit', 3],
    ['a chunked body of 6 MB, and lets its client read why', 200],
  ])('refuses %s', async (_what, count) => {
    const body = `${`8000\r\n${' '.repeat(0x8000)}\r\n`.repeat(count)}0\r\n\r\n`;
    const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
    const answer = await sendRaw(server.url, rawRequest('POST /v1/auth/login', headers, body));
    expectRefused(answer, 413, 'payload_too_large');
  });

  it.each([
    ['a chunked body over the limit', { 'Transfer-Encoding': 'chunked' }, `11000\r\n${' '.repeat(0x11000)}\r\n`],
    ['a body that says that it will be', { 'Content-Length': '70000' }, '{'],
  ])('does not wait for the end of %s', async (_what, headers, begin) => {
    const { socket, answer } = rawConnection(server.url);
    const received = once(socket, 'data');
    socket.write(
      rawRequest(
        'POST /v1/auth/login',
        { Connection: 'keep-alive', 'Content-Type': 'application/json', ...headers },
        begin,
      ),
    );
    const [first] = (await received) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect((await answer).headers['connection']).toBe('close');
    expectRefused(await answer, 413, 'payload_too_large');
  });

  it('drops a body that never comes in full', async () => {
    const { socket, answer } = rawConnection(server.url);
    socket.write(
      rawRequest(
        'POST /v1/auth/login',
        { 'Content-Type': 'application/json', 'Content-Length': '100' },
        '{"username":',
      ),
    );
    socket.end();
    expect((await answer).status).toBe(400);
  });

  it('refuses headers beyond 16 KB', async () => {
    const answer = await sendRaw(server.url, rawRequest('GET /health', { 'X-Filler': 'a'.repeat(20_000) }));
    expectRefused(answer, 413, 'payload_too_large');
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a header with a NUL', 'GET /health HTTP/1.1\r\nHost: a\r\nX-A: \u0000\r\n\r\n'],
    ['two lengths', 'POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      'a length and chunks',
      'POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('refuses %s', async (_what, bytes) => {
    expectRefused(await sendRaw(server.url, bytes), 400, 'request_malformed');
  });

  it.each([
    ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['an expectation', rawRequest('POST /v1/auth/login', { Expect: 'foo', 'Content-Length': '2' }, '{}')],
    ['a target that is no URL', rawRequest('GET http://[:::/v1', {})],
  ])('refuses %s', async (_what, bytes) => {
    expectRefused(await sendRaw(server.url, bytes), 400, 'request_malformed');
  });

  it('takes HTTP/1.0 without a host', async () => {
    expect((await sendRaw(server.url, 'GET /health HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('hangs up on headers that do not come to an end', async () => {
    const { socket, answer } = rawConnection(server.url);
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    expectRefused(await answer, 400, 'request_malformed');
  }, 20_000);

  it.each([
    ['GET', '/v1/nowhere', 404, 'route_not_found'],
    ['TRACE', '/v1/users/me', 404, 'route_not_found'],
    ['PROPFIND', '/', 404, 'route_not_found'],
    ['GET', '//evil.example.com/', 404, 'route_not_found'],
    ['GET', '/..%2f..%2fpackage.json', 404, 'route_not_found'],
    ['GET', '/%00', 404, 'route_not_found'],
    ['GET', '/.env', 404, 'route_not_found'],
    ['GET', '/v1/users/%E0%A4%A', 400, 'request_malformed'],
  ] satisfies [string, string, number, ErrorCode][])('refuses %s %s', async (method, path, status, code) => {
    expectRefused(await sendRaw(server.url, rawRequest(`${method} ${path}`, {})), status, code);
  });

  it.each([
    'limit=ten',
    'limit=-1',
    'limit=1&limit=2',
    'limit[$gt]=1',
    'nope=1',
    '__proto__=1',
    `before=${'9'.repeat(30)}`,
  ])('refuses the query %s', async (query) => {
    expectProblem(await ada.rest.get(`/conversations/${conversationId}/messages?${query}`), 400, 'validation_failed');
  });

  it('refuses pages of foreign origins and stores nothing for them', async () => {
    const foreign = rest(server, { token: () => ada.accessToken, headers: { origin: 'https://evil.example.com' } });
    const sent = await foreign.post(`/conversations/${conversationId}/messages`, {
      clientId: randomUUID(),
      body: 'hi',
    });
    expectProblem(sent, 403, 'origin_forbidden');
  });
});
