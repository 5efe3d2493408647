import type { AuthView, CookieAuthView, Problem } from '@parley/contracts';
import { parseSetCookie, type SetCookie } from '../support/cookies.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rest, type Answer, type Rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const PASSWORD = 'a password of some length';

/** Somebody in a browser: what scripts of its page know, and what only the browser knows. */
interface InBrowser {
  view: CookieAuthView;
  cookie: SetCookie;
}

describe('refresh tokens in a cookie', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  /** Asks as the server's own page does, with this cookie. */
  const page = (cookie?: string, headers: Record<string, string> = {}): Rest =>
    rest(app, { headers: { origin: app.url, ...(cookie !== undefined && { cookie }), ...headers } });

  const withCookie = (value: string): Rest => page(`theme=dark; parley_refresh=${value}; parley=x`);

  const cookieOf = ({ headers }: Answer<unknown>): SetCookie | null => parseSetCookie(headers.get('set-cookie'));

  async function login({ username, password }: Person, as = page()): Promise<InBrowser> {
    const answer = await as.post<CookieAuthView>('/auth/login', { username, password, refreshTokenIn: 'cookie' });
    expect(answer.status).toBe(200);
    return { view: answer.body, cookie: cookieOf(answer)! };
  }

  const refresh = (cookie: SetCookie) => withCookie(cookie.value).post<CookieAuthView & Problem>('/auth/refresh');

  /** As the page does, with its access token and its cookie. */
  const as = ({ view, cookie }: InBrowser): Rest =>
    page(`parley_refresh=${cookie.value}`, { authorization: `Bearer ${view.accessToken}` });

  const CLEARED = { value: '', attributes: { path: '/v1/auth', httponly: '', samesite: 'Strict' } };

  it.each(['register', 'login'] as const)('are kept from the page that asks for it at %s', async (what) => {
    const { ada } = await people(app, 'ada');
    const username = what === 'login' ? ada.username : 'ada-in-a-browser';
    const password = what === 'login' ? ada.password : PASSWORD;
    const answer = await page().post<AuthView>(`/auth/${what}`, { username, password, refreshTokenIn: 'cookie' });
    expect(Object.keys(answer.body).sort()).toEqual(['accessToken', 'expiresIn', 'user']);
    expect(cookieOf(answer)).toEqual({
      name: 'parley_refresh',
      value: expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{64}$/),
      attributes: {
        'max-age': String(30 * 86_400),
        expires: expect.any(String),
        path: '/v1/auth',
        httponly: '',
        samesite: 'Strict',
      },
    });
  });

  it('go into the body, and into no cookie, unless it is asked for', async () => {
    const { ada } = await people(app, 'ada');
    const { username, password } = ada;
    for (const where of [{}, { refreshTokenIn: 'body' }]) {
      const answer = await page().post<AuthView>('/auth/login', { username, password, ...where });
      expect(answer.body.refreshToken).toEqual(expect.any(String));
      expect(cookieOf(answer)).toBeNull();
      const next = await withCookie('x').post<AuthView>('/auth/refresh', { refreshToken: answer.body.refreshToken });
      expect(next).toMatchObject({ status: 200, body: { refreshToken: expect.any(String) } });
      expect(cookieOf(next)).toBeNull();
    }
  });

  it.each(['jar', null, 1, ''])('do not go to %p', async (refreshTokenIn) => {
    const answer = await page().post<Problem>('/auth/login', { username: 'ada', password: PASSWORD, refreshTokenIn });
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors).toEqual([{ path: 'refreshTokenIn', message: 'must be body or cookie' }]);
  });

  it.each([
    ['says that it came over TLS', { origin: 'https://chat.example.org', host: 'chat.example.org' }],
    ['came over TLS by the word of a trusted proxy', { 'x-forwarded-proto': 'https' }],
  ])('are never sent in clear when the page %s', async (_, headers: Record<string, string>) => {
    const behindProxy = await startApp({ env: { PARLEY_TRUST_PROXY_HOPS: '1' } });
    try {
      const { ada } = await people(behindProxy, 'ada');
      const browser = rest(behindProxy, { headers: { origin: behindProxy.url, ...headers } });
      expect((await login(ada, browser)).cookie.attributes).toHaveProperty('secure');
    } finally {
      await behindProxy.close();
    }
  });

  it('are exchanged for the next one, which the page does not see either', async () => {
    const { ada } = await people(app, 'ada');
    const browser = await login(ada);
    const answer = await refresh(browser.cookie);
    expect(answer).toMatchObject({ status: 200, body: { user: { id: ada.id }, expiresIn: 600 } });
    expect(answer.body).not.toHaveProperty('refreshToken');
    const next = cookieOf(answer)!;
    expect(next.value).not.toBe(browser.cookie.value);
    expect(next.attributes).toMatchObject({ path: '/v1/auth', httponly: '', samesite: 'Strict' });
    expect((await refresh(next)).status).toBe(200);
  });

  it('are the same for twenty tabs that refresh at once', async () => {
    const { cookie } = await login((await people(app, 'ada')).ada);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(cookie)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => cookieOf(answer)?.value)).size).toBe(1);
  });

  it('end the session when an old one comes again, and are taken back', async () => {
    const first = (await login((await people(app, 'ada')).ada)).cookie;
    const second = cookieOf(await refresh(first))!;
    const third = cookieOf(await refresh(second))!;
    const reused = await refresh(first);
    expectProblem(reused, 401, 'refresh_token_reused');
    expect(cookieOf(reused)).toMatchObject(CLEARED);
    const ended = await refresh(third);
    expectProblem(ended, 401, 'session_ended');
    expect(cookieOf(ended)).toMatchObject(CLEARED);
  });

  it('are taken back when they are none', async () => {
    const answer = await withCookie('x').post<Problem>('/auth/refresh');
    expectProblem(answer, 401, 'refresh_token_invalid');
    expect(cookieOf(answer)).toMatchObject(CLEARED);
  });

  it('are missed where there is neither a cookie nor a field', async () => {
    const answer = await page('theme=dark').post<Problem>('/auth/refresh');
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors).toEqual([{ path: 'refreshToken', message: 'must be given, here or in the cookie' }]);
  });

  it.each([
    ['a page of another site', 'https://evil.example.org'],
    ['a page of another port of the same host', 'http://127.0.0.1:1'],
    ['a page without a site', 'null'],
    ['nobody knows which page', ''],
  ])('are not exchanged for %s, and stay good', async (_, origin) => {
    const { cookie } = await login((await people(app, 'ada')).ada);
    const headers = { cookie: `parley_refresh=${cookie.value}`, ...(origin !== '' && { origin }) };
    const answer = await rest(app, { headers }).post('/auth/refresh');
    expectProblem(answer, 403, 'origin_forbidden');
    expect(cookieOf(answer)).toBeNull();
    expect((await refresh(cookie)).status).toBe(200);
  });

  it('may be used by a listed page, which is told that it may', async () => {
    const origin = 'https://chat.example.com';
    const open = await startApp({ env: { PARLEY_ALLOWED_ORIGINS: origin } });
    try {
      const { ada } = await people(open, 'ada');
      const { cookie } = await login(ada, rest(open, { headers: { origin } }));
      const headers = { origin, cookie: `parley_refresh=${cookie.value}` };
      const answer = await rest(open, { headers }).post('/auth/refresh');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    } finally {
      await open.close();
    }
  });

  it.each([
    ['logging out', (me: InBrowser) => as(me).post('/auth/logout')],
    ['logging out everywhere', (me: InBrowser) => as(me).post('/auth/logout-all')],
    ['ending the session by its id', (me: InBrowser) => as(me).delete(`/auth/sessions/${sessionOf(me)}`)],
  ])('are taken back by %s', async (_, end) => {
    const me = await login((await people(app, 'ada')).ada);
    const answer = await end(me);
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toMatchObject(CLEARED);
    expectProblem(await refresh(me.cookie), 401, 'session_ended');
  });

  it('stay when another session ends, also with a change of the password', async () => {
    const { ada } = await people(app, 'ada');
    const phone = await anotherSession(app, ada);
    const me = await login(ada);
    const change = { currentPassword: ada.password, newPassword: 'another password' };
    for (const answer of [
      await as(me).delete(`/auth/sessions/${phone.sessionId}`),
      await as(me).put('/auth/password', change),
    ]) {
      expect(answer.status).toBe(204);
      expect(cookieOf(answer)).toBeNull();
    }
    expect((await refresh(me.cookie)).status).toBe(200);
  });

  it('stay when somebody logs out whose cookie another person has replaced', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const first = await login(ada);
    const second = await login(ben);
    const answer = await as({ view: first.view, cookie: second.cookie }).post('/auth/logout');
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toBeNull();
    expect((await refresh(second.cookie)).body.user.id).toBe(ben.id);
  });

  const sessionOf = ({ cookie }: InBrowser): string => cookie.value.split('.')[0]!;
});
