import type { Problem, SessionView } from '@parley/contracts';
import { RATE_LIMITS, type RateLimitName } from '../../apps/server/src/common/rate-limits.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rest, type Answer, type Rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const PASSWORD = 'a password of some length';

describe('sessions and passwords over REST', () => {
  let app: RunningApp;
  let anyone: Rest;
  beforeAll(async () => {
    app = await startApp();
    anyone = rest(app);
  });
  afterAll(() => app.close());

  const sessionsOf = async (person: Person): Promise<SessionView[]> =>
    (await person.rest.get<{ items: SessionView[] }>('/auth/sessions')).body.items;

  describe('sessions', () => {
    it('are listed with where they are, the present one first', async () => {
      const { ada } = await people(app, 'ada');
      const { username, password } = ada;
      const phone = rest(app, { headers: { 'user-agent': 'phone '.repeat(100) } });
      await phone.post('/auth/login', { username, password });
      const sessions = await sessionsOf(ada);
      expect(sessions).toEqual([
        {
          id: ada.sessionId,
          current: true,
          userAgent: expect.any(String) as string,
          ip: '127.0.0.1',
          createdAt: expect.stringMatching(/Z$/) as string,
          lastUsedAt: expect.stringMatching(/Z$/) as string,
        },
        expect.objectContaining({ current: false, userAgent: 'phone '.repeat(100).slice(0, 200) }),
      ]);
    });

    it('end one by one, and with them their tokens at once', async () => {
      const { ada } = await people(app, 'ada');
      const phone = await anotherSession(app, ada);
      expect((await phone.rest.get('/users/me')).status).toBe(200);
      expect(await ada.rest.delete(`/auth/sessions/${phone.sessionId}`)).toMatchObject({ status: 204, body: null });
      expectProblem(await phone.rest.get('/users/me'), 401, 'session_ended');
      expectProblem(await anyone.post('/auth/refresh', { refreshToken: phone.refreshToken }), 401, 'session_ended');
      expect((await sessionsOf(ada)).map((session) => session.id)).toEqual([ada.sessionId]);
      expectProblem(await ada.rest.delete(`/auth/sessions/${phone.sessionId}`), 404, 'session_not_found');
    });

    it('of others cannot be ended, and look like none', async () => {
      const { ada, ben } = await people(app, 'ada', 'ben');
      expectProblem(await ben.rest.delete(`/auth/sessions/${ada.sessionId}`), 404, 'session_not_found');
      expect((await ada.rest.get('/users/me')).status).toBe(200);
      expectProblem(await ben.rest.delete('/auth/sessions/x'), 400, 'validation_failed');
    });

    it('end by logging out, each for itself', async () => {
      const { ada } = await people(app, 'ada');
      const phone = await anotherSession(app, ada);
      expect((await ada.rest.post('/auth/logout')).status).toBe(204);
      expectProblem(await ada.rest.get('/users/me'), 401, 'session_ended');
      expectProblem(await ada.rest.post('/auth/logout'), 401, 'session_ended');
      expect((await phone.rest.get('/users/me')).status).toBe(200);
    });

    it('end all at once by logging out everywhere, and nobody else’s', async () => {
      const { ada, ben } = await people(app, 'ada', 'ben');
      const phone = await anotherSession(app, ada);
      expect((await phone.rest.post('/auth/logout-all')).status).toBe(204);
      for (const device of [ada, phone]) expectProblem(await device.rest.get('/users/me'), 401, 'session_ended');
      expect((await ben.rest.get('/users/me')).status).toBe(200);
      await anotherSession(app, ada);
    });
  });

  describe('changing the password', () => {
    it('keeps the present session, ends the others, and leaves only the new password good', async () => {
      const { ada } = await people(app, 'ada');
      const phone = await anotherSession(app, ada);
      const change = { currentPassword: ada.password, newPassword: 'another password' };
      expect(await ada.rest.put('/auth/password', change)).toMatchObject({ status: 204, body: null });
      expect((await ada.rest.get('/users/me')).status).toBe(200);
      expect((await anyone.post('/auth/refresh', { refreshToken: ada.refreshToken })).status).toBe(200);
      expectProblem(await phone.rest.get('/users/me'), 401, 'session_ended');
      expectProblem(await anyone.post('/auth/refresh', { refreshToken: phone.refreshToken }), 401, 'session_ended');
      const { username } = ada;
      expectProblem(await anyone.post('/auth/login', { username, password: ada.password }), 401, 'credentials_invalid');
      expect((await anyone.post('/auth/login', { username, password: 'another password' })).status).toBe(200);
    });

    it('needs the current one', async () => {
      const { ada } = await people(app, 'ada');
      const change = { currentPassword: 'not the password', newPassword: 'another password' };
      expectProblem(await ada.rest.put('/auth/password', change), 401, 'credentials_invalid');
      await anotherSession(app, ada);
    });

    it.each([
      ['a short new one', { currentPassword: PASSWORD, newPassword: 'short' }],
      ['no current one', { newPassword: 'another password' }],
      ['a lone surrogate', `{"currentPassword":"${PASSWORD}","newPassword":"another\\ud800password"}`],
      ['an unknown field', { currentPassword: PASSWORD, newPassword: 'another password', userId: 'x' }],
    ])('refuses %s', async (_, body) => {
      const { ada } = await people(app, 'ada');
      expectProblem(await ada.rest.put('/auth/password', body), 400, 'validation_failed');
    });
  });

  describe('too many attempts', () => {
    let limited: RunningApp;
    beforeAll(async () => {
      limited = await startApp({ env: { PARLEY_RATE_LIMITS: 'on', PARLEY_TRUST_PROXY_HOPS: '1' } });
    });
    afterAll(() => limited.close());

    /** Uses up what the limit allows, none of which is too much, and gives the answer to one more. */
    async function beyond(
      limit: RateLimitName,
      attempt: (n: number) => Promise<Answer<unknown>>,
    ): Promise<Answer<Problem>> {
      for (let n = 0; n < RATE_LIMITS[limit].points; n += 1) expect((await attempt(n)).status).not.toBe(429);
      return (await attempt(RATE_LIMITS[limit].points)) as Answer<Problem>;
    }

    const expectLimited = (answer: Answer<Problem>): void => {
      expectProblem(answer, 429, 'rate_limited');
      expect(answer.body).toMatchObject({ retryable: true, retryInMs: expect.any(Number) as number });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    };

    it('to guess one person’s password are refused, also with the right one, and not those of others', async () => {
      const { ada, ben } = await people(limited, 'ada', 'ben');
      const guess = ({ username }: Person, password: string) =>
        rest(limited).post('/auth/login', { username, password });
      expectLimited(
        await beyond('login_user', (n) =>
          guess({ ...ada, username: n % 2 ? ada.username.toUpperCase() : ada.username }, 'a guess'),
        ),
      );
      expectLimited((await guess(ada, ada.password)) as Answer<Problem>);
      expect((await guess(ben, ben.password)).status).toBe(200);
      expectLimited(
        await beyond('login_user', () =>
          ben.rest.put('/auth/password', { currentPassword: 'a guess', newPassword: 'another password' }),
        ),
      );
    });

    // Each from an address of its own, so that none lives on what another has used up.
    it.each<['login' | 'register' | 'refresh', string, (n: number) => object]>([
      ['login', '203.0.113.1', (n) => ({ username: `nobody${n}`, password: PASSWORD })],
      ['register', '203.0.113.2', (n) => ({ username: `somebody${n}`, password: PASSWORD })],
      ['refresh', '203.0.113.3', () => ({ refreshToken: 'x' })],
    ])('at /auth/%s from one address are refused, and not those from another', async (name, address, body) => {
      const from = (ip: string) => rest(limited, { headers: { 'x-forwarded-for': ip } });
      expectLimited(await beyond(name, (n) => from(address).post(`/auth/${name}`, body(n))));
      expect((await from('203.0.113.9').post(`/auth/${name}`, body(1_000))).status).not.toBe(429);
    });
  });

  it('answers server_busy to a flood of logins that need dear hashes, and goes on afterwards', async () => {
    const busy = await startApp({ env: { PARLEY_ARGON2_MEMORY_KIB: '16384', PARLEY_ARGON2_PASSES: '2' } });
    try {
      const login = () => rest(busy).post<Problem>('/auth/login', { username: 'nobody', password: PASSWORD });
      const answers = await Promise.all(Array.from({ length: 150 }, login));
      const refused = answers.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      expectProblem(refused[0]!, 503, 'server_busy');
      expect(refused[0]!.headers.get('retry-after')).toBe('1');
      expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(66);
      expect((await login()).status).toBe(401);
    } finally {
      await busy.close();
    }
  });
});
