import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Http, type Method } from './http.js';

interface Answer {
  status: number;
  /** An object is sent as JSON, a text as it is; null cuts the connection. */
  body: object | string | null;
}

const done: Answer = { status: 200, body: { done: true } };

/** A refusal as a Parley server words it. */
function problem(code: string, status: number, more: { retryable?: boolean; retryInMs?: number } = {}): Answer {
  return { status, body: { code, status, detail: code, retryable: false, requestId: 'r', ...more } };
}

/** Soon again, so that the tests need not wait. */
const busy = (retryInMs = 1): Answer => problem('server_busy', 503, { retryable: true, retryInMs });

describe('requests', () => {
  let server: Server;
  let http: Http;
  /** What the server answers, one by one, and what it was asked. */
  let answers: Answer[];
  let asked: { method: string; url: string; token: string | undefined; at: number }[];
  let renewed: string[];

  beforeAll(async () => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    answers = [];
    asked = [];
    renewed = [];
    const { port } = server.address() as AddressInfo;
    http = new Http(`http://127.0.0.1:${port}`, () => ({
      accessToken: () => Promise.resolve('old'),
      renew: (refused) => {
        renewed.push(refused);
        return Promise.resolve('new');
      },
    }));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, token: headers.authorization, at: performance.now() });
    const { status, body } = answers.shift() ?? done;
    if (body === null) request.socket.destroy();
    else response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  it('carry the token of the person, and what is asked for', async () => {
    expect(await http.get('/users', { query: 'ada & ben', cursor: undefined, limit: 3 })).toEqual({ done: true });
    expect(await http.anonymous('POST', '/auth/login', {})).toEqual({ done: true });
    expect(asked).toMatchObject([
      { method: 'GET', url: '/v1/users?query=ada+%26+ben&limit=3', token: 'Bearer old' },
      { method: 'POST', url: '/v1/auth/login', token: undefined },
    ]);
  });

  it.each<Method>(['GET', 'PUT', 'PATCH', 'DELETE'])('are repeated with %s when that may help', async (method) => {
    answers = [busy(), busy()];
    expect(await http.ask(method, '/users/me')).toEqual({ done: true });
    expect(asked.map((request) => request.method)).toEqual([method, method, method]);
  });

  it('are repeated a few times and no more', async () => {
    answers = [busy(), busy(), busy(), busy()];
    await expect(http.ask('GET', '/users/me')).rejects.toMatchObject({ code: 'server_busy', status: 503 });
    expect(asked).toHaveLength(3);
  });

  it('are never repeated with POST, for that may do it twice', async () => {
    answers = [busy(), { status: 200, body: null }];
    await expect(http.ask('POST', '/conversations', {})).rejects.toMatchObject({ code: 'server_busy' });
    await expect(http.ask('POST', '/conversations', {})).rejects.toMatchObject({ code: 'connection_failed' });
    expect(asked).toHaveLength(2);
  });

  it('are not repeated when that cannot help', async () => {
    answers = [problem('user_not_found', 404)];
    await expect(http.ask('GET', '/users/x')).rejects.toMatchObject({ code: 'user_not_found', requestId: 'r' });
    expect(asked).toHaveLength(1);
  });

  it('are repeated when the server says, and not before', async () => {
    // Longer than the client would wait by itself.
    answers = [busy(700)];
    await http.ask('GET', '/users/me');
    // The two clocks of a timer and of this test may differ by a millisecond.
    expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(690);
  });

  it('are repeated with another token when theirs is refused, once, also with POST', async () => {
    answers = [problem('token_expired', 401), done, problem('token_invalid', 401), problem('token_invalid', 401)];
    expect(await http.ask('POST', '/conversations', {})).toEqual({ done: true });
    expect(renewed).toEqual(['old']);
    await expect(http.ask('GET', '/users/me')).rejects.toMatchObject({ code: 'token_invalid' });
    expect(renewed).toEqual(['old', 'old']);
    expect(asked.map(({ token }) => token)).toEqual(['Bearer old', 'Bearer new', 'Bearer old', 'Bearer new']);
  });

  it('do not ask for another token when that is not what was refused', async () => {
    answers = [problem('action_forbidden', 403), problem('session_ended', 401)];
    await expect(http.ask('GET', '/users/me')).rejects.toMatchObject({ code: 'action_forbidden' });
    await expect(http.ask('GET', '/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    expect(renewed).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['a page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['a page instead of an answer', { status: 200, body: '<html>Log in to this network</html>' }],
    ['nothing', { status: 200, body: '' }],
    ['a refusal of somebody else', { status: 500, body: { message: 'Oh' } }],
    ['a refusal without words', { status: 500, body: 'null' }],
    ['a broken connection', { status: 200, body: null }],
  ])('that get %s have not reached the server', async (_name, garbage) => {
    answers = [garbage];
    const failed = { code: 'connection_failed', retryable: true, status: null };
    await expect(http.anonymous('POST', '/auth/login', {})).rejects.toMatchObject(failed);
  });

  it('may be answered with nothing', async () => {
    answers = [{ status: 204, body: '' }];
    expect(await http.ask('DELETE', '/users/me/blocks/ben')).toBeUndefined();
  });

  it.each([
    ['an answer', () => undefined],
    ['its end', (response: ServerResponse) => void response.writeHead(200).write('{')],
  ])('do not wait for ever for %s', async (_name, begin: (response: ServerResponse) => void) => {
    const silent = createServer((_request, response) => begin(response));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const other = new Http(`http://127.0.0.1:${port}`, () => {
      throw new Error('Nobody asks for a token');
    });
    const refusal = other.anonymous('POST', '/auth/refresh', {}, 50);
    await expect(refusal).rejects.toMatchObject({ code: 'answer_missing', retryable: true, status: null });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});
