import type { AuthView, Problem, SessionView } from '@parley/contracts';
import { Config } from '../../apps/server/src/config/config.js';
import { forgeToken } from '../support/forged-token.js';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rest, type Rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const PASSWORD = 'a password of some length';

describe('auth over REST', () => {
  let app: RunningApp;
  let anyone: Rest;
  beforeAll(async () => {
    app = await startApp();
    anyone = rest(app);
  });
  afterAll(() => app.close());

  const sessionsOf = async (person: Person): Promise<SessionView[]> =>
    (await person.rest.get<{ items: SessionView[] }>('/auth/sessions')).body.items;

  describe('registering', () => {
    it('creates somebody who is logged in', async () => {
      const answer = await anyone.post<AuthView>('/auth/register', {
        username: 'Ada.L',
        password: PASSWORD,
        displayName: '  Ada Lovelace ',
      });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.body).toEqual({
        user: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          username: 'Ada.L',
          displayName: 'Ada Lovelace',
          readReceipts: true,
          createdAt: expect.stringMatching(/Z$/) as string,
          updatedAt: expect.stringMatching(/Z$/) as string,
        },
        accessToken: expect.any(String) as string,
        expiresIn: 600,
        refreshToken: expect.any(String) as string,
      });
      const me = await rest(app, { token: () => answer.body.accessToken }).get('/users/me');
      expect(me).toMatchObject({ status: 200, body: answer.body.user });
    });

    it('shows the username where there is no display name', async () => {
      const { body } = await anyone.post<AuthView>('/auth/register', { username: 'plain', password: PASSWORD });
      expect(body.user.displayName).toBe('plain');
    });

    it('gives a username to one of ten who want it at the same moment', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          anyone.post('/auth/register', { username: i % 2 === 0 ? 'wanted' : 'WANTED', password: PASSWORD }),
        ),
      );
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused).toHaveLength(9);
      for (const answer of refused) expectProblem(answer, 409, 'username_taken');
    });

    it.each([
      ['no body', undefined, ['username', 'password']],
      ['no password', { username: 'somebody' }, ['password']],
      ['a short username', { username: 'ab', password: PASSWORD }, ['username']],
      ['a long username', { username: 'a'.repeat(31), password: PASSWORD }, ['username']],
      ['a username with a space', { username: ' ada', password: PASSWORD }, ['username']],
      ['a username beyond ASCII', { username: 'ådä', password: PASSWORD }, ['username']],
      ['a username on two lines', { username: 'ada\n', password: PASSWORD }, ['username']],
      ['a username that is a number', { username: 12345, password: PASSWORD }, ['username']],
      ['a username that is a list', { username: ['ada'], password: PASSWORD }, ['username']],
      ['a short password', { username: 'somebody', password: 'seven77' }, ['password']],
      ['a long password', { username: 'somebody', password: 'x'.repeat(129) }, ['password']],
      ['a password that grows too long in NFKC', { username: 'somebody', password: '\ufdfa'.repeat(10) }, ['password']],
      ['a password with a NUL', { username: 'somebody', password: 'password\u0000' }, ['password']],
      ['a password that is an object', { username: 'somebody', password: { $ne: null } }, ['password']],
      ['an empty display name', { username: 'somebody', password: PASSWORD, displayName: '  ' }, ['displayName']],
      ['a display name that is null', { username: 'somebody', password: PASSWORD, displayName: null }, ['displayName']],
      [
        'a long display name',
        { username: 'somebody', password: PASSWORD, displayName: 'x'.repeat(81) },
        ['displayName'],
      ],
      ['a display name of lines', { username: 'somebody', password: PASSWORD, displayName: 'a\nb' }, ['displayName']],
      ['an unknown field', { username: 'somebody', password: PASSWORD, role: 'admin' }, ['role']],
      ['a field of the database', { username: 'somebody', password: PASSWORD, authVersion: 7 }, ['authVersion']],
    ])('refuses %s', async (_, body, paths) => {
      const answer = await anyone.post<Problem>('/auth/register', body);
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body.errors?.map((error) => error.path).sort()).toEqual(paths.sort());
    });

    it.each([
      ['a lone surrogate in the password', `{"username":"somebody","password":"password\\ud800"}`],
      [
        'a lone surrogate in the display name',
        `{"username":"somebody","password":"${PASSWORD}","displayName":"\\udc00"}`,
      ],
      ['a list instead of an object', '[]'],
    ])('refuses %s', async (_, body) => {
      expectProblem(await anyone.post('/auth/register', body), 400, 'validation_failed');
    });

    it('leaves nobody behind whom it refused', async () => {
      expectProblem(
        await anyone.post('/auth/login', { username: 'somebody', password: PASSWORD }),
        401,
        'credentials_invalid',
      );
    });
  });

  describe('logging in', () => {
    it('begins another session, whatever the case of the username', async () => {
      const { ada } = await people(app, 'ada');
      const answer = await anyone.post<AuthView>('/auth/login', {
        username: ada.username.toUpperCase(),
        password: ada.password,
      });
      expect(answer).toMatchObject({ status: 200, body: { user: { id: ada.id, username: ada.username } } });
      expect(answer.body.refreshToken).not.toContain(ada.sessionId);
      expect(await sessionsOf(ada)).toHaveLength(2);
    });

    it('gives one answer for a wrong password and for nobody', async () => {
      const { ada } = await people(app, 'ada');
      const wrong = await anyone.post<Problem>('/auth/login', { username: ada.username, password: 'not the password' });
      const nobody = await anyone.post<Problem>('/auth/login', { username: 'nobody.at.all', password: ada.password });
      expectProblem(wrong, 401, 'credentials_invalid');
      expect({ ...nobody.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    });

    it.each([
      ['no password', { username: 'somebody' }],
      ['a username that cannot be one', { username: 'a b', password: PASSWORD }],
      ['a password that is a number', { username: 'somebody', password: 12345678 }],
      [
        'a password of 63 KB of combining marks',
        { username: 'somebody', password: `a${'\u0301'.repeat(16_000)}${'\u0323'.repeat(15_800)}` },
      ],
      ['a password of 31 combining marks', { username: 'somebody', password: '\u0301'.repeat(31) }],
      ['a password with a NUL', { username: 'somebody', password: '\u0000' }],
      ['a password longer than any', { username: 'somebody', password: 'x'.repeat(129) }],
      ['an unknown field', { username: 'somebody', password: PASSWORD, remember: true }],
    ])('refuses %s', async (_, body) => {
      expectProblem(await anyone.post('/auth/login', body), 400, 'validation_failed');
    });
  });

  describe('an access token', () => {
    const now = (): number => Math.floor(Date.now() / 1_000);
    const forge = (person: Person, claims: object = {}, header: object = {}): string => {
      const base = { iss: 'parley', aud: 'parley', use: 'access', jti: 'x', iat: now(), exp: now() + 60 };
      const { secret } = app.app.get(Config).auth;
      return forgeToken({ ...base, sub: person.id, sid: person.sessionId, ...claims }, secret, header);
    };
    const ask = (authorization: string) => rest(app, { headers: { authorization } }).get('/users/me');

    it('is asked for on every route that is not open', async () => {
      const answer = await anyone.get('/users/me');
      expectProblem(answer, 401, 'token_missing');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      for (const header of ['Basic YWRhOmFkYQ==', 'Bearer', 'Bearer ', 'Bearer a b']) {
        expectProblem(await ask(header), 401, 'token_missing');
      }
    });

    it('is refused when it was tampered with', async () => {
      const { ada, ben } = await people(app, 'ada', 'ben');
      await expect(ask(`bearer ${forge(ada)}`)).resolves.toMatchObject({ status: 200, body: { id: ada.id } });
      for (const token of [
        'x',
        'a.b.c',
        ada.refreshToken,
        forge(ada, {}, { alg: 'none' }),
        forge(ada, {}, { alg: 'HS512' }),
        forge(ada, {}, { crit: ['exp'] }),
        forge(ada, { use: 'refresh' }),
        forge(ada, { aud: 'another' }),
        forge(ada, { exp: undefined }),
        forge(ada, { exp: now() + 86_400 }),
        ...['null', '"ada"', '[]', '{'].map((payload) => forgeToken(payload, app.app.get(Config).auth.secret)),
        ...['null', '1', '{}', '{'].map((header) => `${Buffer.from(header).toString('base64url')}.e30.x`),
      ]) {
        expectProblem(await ask(`Bearer ${token}`), 401, 'token_invalid');
      }
      expectProblem(await ask(`Bearer ${forge(ada, { iat: now() - 60, exp: now() - 1 })}`), 401, 'token_expired');
      expectProblem(await ask(`Bearer ${forge(ada, { sub: ben.id })}`), 401, 'session_ended');
    });

    it('is good on the server that issued it, and on no other in the same process', async () => {
      const { ada } = await people(app, 'ada');
      const other = await startApp({ env: { PARLEY_JWT_SECRET: 'the secret of quite another server' } });
      try {
        const { ben } = await people(other, 'ben');
        expectProblem(await rest(other, { token: () => ada.accessToken }).get('/users/me'), 401, 'token_invalid');
        expectProblem(await rest(app, { token: () => ben.accessToken }).get('/users/me'), 401, 'token_invalid');
        expect((await ada.rest.get('/users/me')).status).toBe(200);
        expect((await ben.rest.get('/users/me')).status).toBe(200);
      } finally {
        await other.close();
      }
      expect((await ada.rest.get('/users/me')).status).toBe(200);
    });
  });

  describe('refreshing', () => {
    const refresh = (refreshToken: unknown) => anyone.post<AuthView & Problem>('/auth/refresh', { refreshToken });

    it('gives the next tokens of the same session', async () => {
      const { ada } = await people(app, 'ada');
      const answer = await refresh(ada.refreshToken);
      expect(answer).toMatchObject({ status: 200, body: { user: { id: ada.id }, expiresIn: 600 } });
      expect(answer.body.refreshToken).not.toBe(ada.refreshToken);
      ada.accessToken = answer.body.accessToken;
      expect(await sessionsOf(ada)).toMatchObject([{ id: ada.sessionId, current: true }]);
    });

    it('gives twenty tabs that do so at once the same successor', async () => {
      const { ada } = await people(app, 'ada');
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(ada.refreshToken)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    });

    it('ends the session when an old token comes again', async () => {
      const { ada } = await people(app, 'ada');
      const second = (await refresh(ada.refreshToken)).body;
      const third = (await refresh(second.refreshToken)).body;
      expectProblem(await refresh(ada.refreshToken), 401, 'refresh_token_reused');
      expectProblem(await refresh(third.refreshToken), 401, 'session_ended');
      expectProblem(await ada.rest.get('/users/me'), 401, 'session_ended');
    });

    it.each([
      ['what is no token', 'x'],
      ['a token of nobody', `01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10.${'A'.repeat(64)}`],
      ['a token with a space behind', `01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10.${'A'.repeat(64)} `],
    ])('refuses %s', async (_, token) => {
      expectProblem(await refresh(token), 401, 'refresh_token_invalid');
    });

    it('refuses an access token', async () => {
      const { ada } = await people(app, 'ada');
      expectProblem(await refresh(ada.accessToken.slice(0, 200)), 401, 'refresh_token_invalid');
    });

    it.each([
      ['nothing', undefined],
      ['null', null],
      ['a number', 5],
      ['an empty text', ''],
      ['a NUL', '\u0000'],
      ['a long text', 'x'.repeat(201)],
    ])('refuses %s', async (_, token) => {
      expectProblem(await refresh(token), 400, 'validation_failed');
    });
  });
});
