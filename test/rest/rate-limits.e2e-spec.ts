import type { Problem } from '@parley/contracts';
import { RATE_LIMITS } from '../../apps/server/src/common/rate-limits.js';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('rate limits', () => {
  let server: RunningApp;
  let ada: Person;

  beforeAll(async () => {
    server = await startApp({ env: { PARLEY_RATE_LIMITS: 'on', PARLEY_TRUST_PROXY_HOPS: '1' } });
    ({ ada } = await people(server, 'ada'));
  });

  afterAll(() => server.close());

  /** Somebody behind the proxy, at this address. */
  const from = (address: string) => rest(server, { headers: { 'x-forwarded-for': address } });

  it('slow down who guesses one password, from wherever', async () => {
    const answers = [];
    for (let guess = 0; guess <= RATE_LIMITS.login_user.points; guess += 1) {
      answers.push(
        await from(`192.0.2.${guess}`).post<Problem>('/auth/login', {
          username: ada.username,
          password: 'a wrong guess',
        }),
      );
    }
    const last = answers.pop();
    expect(answers.map(({ body }) => body.code)).toEqual(answers.map(() => 'credentials_invalid'));
    if (last === undefined) throw new Error('there was no answer');
    expectProblem(last, 429, 'rate_limited');
    const { retryInMs = 0 } = last.body;
    expect(retryInMs).toBeGreaterThan(0);
    expect(last.headers.get('retry-after')).toBe(String(Math.ceil(retryInMs / 1_000)));
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
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    for (const answer of refused) expectProblem(answer, 429, 'rate_limited');
    expectProblem(await write(ben), 400, 'validation_failed');
    expect((await ada.rest.get('/users/me')).status).toBe(200);
  });
});
