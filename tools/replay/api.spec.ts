import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api, RefusedError, UnreachableError } from './api.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('the calls to the REST interface', () => {
  let server: Server;
  let answers: Answer[];
  let asked: { at: number; token: string | undefined }[];
  let stopped: AbortController;

  const refuse =
    (status: number, body: object, headers: Record<string, string> = {}): Answer =>
    (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(body));
    };
  const accept: Answer = (_request, response) => response.end('{"fine":true}');

  beforeEach(async () => {
    answers = [];
    asked = [];
    stopped = new AbortController();
    server = createServer((request, response) => {
      asked.push({ at: performance.now(), token: request.headers.authorization });
      (answers.shift() ?? accept)(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const api = (patienceMs = 5_000): Api =>
    new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, stopped.signal, patienceMs);

  it('wait as long as the server says', async () => {
    answers = [refuse(429, { code: 'rate_limited', retryable: true, retryInMs: 150 })];
    const heldUp: string[] = [];
    const calls = api();
    calls.onHeldUp = (reason) => heldUp.push(reason);
    expect(await calls.request('POST', '/x', { body: {} })).toEqual({ fine: true });
    expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(149);
    expect(heldUp).toEqual(['rate_limited']);
  });

  it('understand Retry-After of whatever stands in front of the server', async () => {
    answers = [(_request, response) => response.writeHead(503, { 'retry-after': '1' }).end('<html>')];
    await api().request('GET', '/x');
    expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(999);
  });

  it('are tried again when the answer is cut off, each time with a token of that time', async () => {
    answers = [
      (request) => request.socket.destroy(),
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"fine":');
        setTimeout(() => response.destroy(), 10);
      },
    ];
    let tokens = 0;
    expect(await api().get('/x', async () => `token ${(tokens += 1)}`)).toEqual({ fine: true });
    expect(asked.map(({ token }) => token)).toEqual(['Bearer token 1', 'Bearer token 2', 'Bearer token 3']);
  });

  it('are refused for good by what cannot be repeated', async () => {
    answers = [refuse(403, { code: 'action_forbidden', detail: 'No.', retryable: false })];
    const refusal = await api()
      .request('PATCH', '/x', { body: {} })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal).toMatchObject({ status: 403, message: 'PATCH /x was refused: 403 action_forbidden No.' });
    expect(asked).toHaveLength(1);
  });

  it('give up when the server stays away, but not when it only asks for patience', async () => {
    const away = api(50);
    answers = Array.from({ length: 20 }, () =>
      refuse(503, { code: 'server_draining', retryable: true, retryInMs: 10 }),
    );
    await expect(away.request('GET', '/x')).rejects.toThrow(UnreachableError);
    answers = Array.from({ length: 8 }, () => refuse(429, { code: 'rate_limited', retryable: true, retryInMs: 10 }));
    expect(await away.request('GET', '/x')).toEqual({ fine: true });
  });

  it('end when the replay is stopped', async () => {
    answers = [refuse(429, { code: 'rate_limited', retryable: true, retryInMs: 60_000 })];
    const calls = api();
    calls.onHeldUp = () => stopped.abort(new Error('stopped'));
    await expect(calls.request('GET', '/x')).rejects.toThrow();
    await expect(calls.request('GET', '/x')).rejects.toThrow('stopped');
    expect(asked).toHaveLength(1);
  });

  it('need a server that answers', async () => {
    await expect(api().requireReachable()).resolves.toBeUndefined();
    await expect(new Api('http://127.0.0.1:9', stopped.signal, 0).requireReachable()).rejects.toThrow(UnreachableError);
  });
});
