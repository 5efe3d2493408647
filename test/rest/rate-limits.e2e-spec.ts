import type { Problem } from '@parley/contracts';
import { io } from 'socket.io-client';
import { RateLimiter } from '../../apps/server/src/common/rate-limiter.js';
import { RATE_LIMITS } from '../../apps/server/src/common/rate-limits.js';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('rate limits', () => {
  let server: RunningApp;
  let ada: Person;
  let limiter: RateLimiter;

  beforeAll(async () => {
    server = await startApp({ env: { PARLEY_RATE_LIMITS: 'on', PARLEY_TRUST_PROXY_HOPS: '1' } });
    ({ ada } = await people(server, 'ada'));
    limiter = server.app.get(RateLimiter);
  });

  afterAll(() => server.close());

  /** Somebody behind the proxy, at this address. */
  const from = (address: string) => rest(server, { headers: { 'x-forwarded-for': address } });

  const guess = (address: string) =>
    from(address).post<Problem>('/auth/login', { username: ada.username, password: 'a wrong guess' });

  it('slow down who guesses one password, and do not lock its owner out', async () => {
    const answers = [];
    for (let turn = 0; turn <= RATE_LIMITS.login_user.points; turn += 1) answers.push(await guess('192.0.2.1'));
    const last = answers.pop();
    expect(answers.map(({ body }) => body.code)).toEqual(answers.map(() => 'credentials_invalid'));
    if (last === undefined) throw new Error('there was no answer');
    expectProblem(last, 429, 'rate_limited');
    const { retryInMs = 0 } = last.body;
    expect(retryInMs).toBeGreaterThan(0);
    expect(last.headers.get('retry-after')).toBe(String(Math.ceil(retryInMs / 1_000)));
    const { username, password } = ada;
    expect((await from('192.0.2.2').post('/auth/login', { username, password })).status).toBe(200);
  });

  it('slow down who guesses one password from many addresses', async () => {
    const { points } = RATE_LIMITS.login_user_anywhere;
    const guesses = Array.from({ length: points + 1 }, (_, turn) => guess(`192.0.2.${100 + (turn % 100)}`));
    const codes = (await Promise.all(guesses)).map(({ body }) => body.code);
    expect(codes).toContain('rate_limited');
  });

  it('count the address that the trusted proxy saw, not what the client claims', async () => {
    const attempts = Array.from({ length: RATE_LIMITS.refresh.points + 1 }, (_, attempt) =>
      from(`203.0.113.${attempt % 250}, 198.51.100.7`).post<Problem>('/auth/refresh', { refreshToken: 'x'.repeat(80) }),
    );
    const codes = (await Promise.all(attempts)).map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(1);
    expect(
      (await from('198.51.100.8').post<Problem>('/auth/refresh', { refreshToken: 'x'.repeat(80) })).body.code,
    ).not.toBe('rate_limited');
  });

  it('slow down a person who writes without pause, and nobody else', async () => {
    const { ben } = await people(server, 'ben');
    // What is refused for another reason counts as well, and costs a busy machine less.
    const write = (person: Person) => person.rest.patch<Problem>('/users/me', {});
    const answers = await Promise.all(Array.from({ length: RATE_LIMITS.write.points + 1 }, () => write(ada)));
    const refused = answers.filter(({ body }) => body.code === 'rate_limited');
    expect(refused).toHaveLength(1);
    for (const answer of refused) expectProblem(answer, 429, 'rate_limited');
    expectProblem(await write(ben), 400, 'validation_failed');
    expect((await ada.rest.get('/users/me')).status).toBe(200);
  });

  it('slow down connections that never ask for a socket, and those that do', async () => {
    const shake = async (address: string): Promise<number> => {
      const headers = { 'x-forwarded-for': address };
      return (await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers })).status;
    };
    const { points } = RATE_LIMITS.handshake;
    const statuses: number[] = [];
    for (let turn = 0; turn < points; turn += 100) {
      statuses.push(...(await Promise.all(Array.from({ length: 100 }, () => shake('192.0.2.50')))));
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await shake('192.0.2.50')).toBe(403);
    expect(await shake('192.0.2.51')).toBe(200);
  });

  it('slow down who asks for socket after socket', async () => {
    const connects = Array.from({ length: RATE_LIMITS.connect.points }, () => limiter.consume('connect', '192.0.2.60'));
    await Promise.all(connects);
    const socket = io(server.url, {
      auth: { token: ada.accessToken },
      extraHeaders: { 'x-forwarded-for': '192.0.2.60' },
      reconnection: false,
    });
    const refusal = await new Promise<{ data?: Problem }>((resolve) => socket.on('connect_error', resolve));
    socket.close();
    expect(refusal.data).toMatchObject({
      code: 'rate_limited',
      retryable: true,
      retryInMs: expect.any(Number) as number,
    });
  });

  it('slow down a person who reads without pause, and nobody else', async () => {
    const { ben, cleo } = await people(server, 'ben', 'cleo');
    for (let read = 0; read < RATE_LIMITS.read.points; read += 1) await limiter.consume('read', ben.id);
    expectProblem(await ben.rest.get('/users/me'), 429, 'rate_limited');
    expect((await cleo.rest.get('/users/me')).status).toBe(200);
    expectProblem(await ben.rest.patch('/users/me', {}), 400, 'validation_failed');
  });
});
