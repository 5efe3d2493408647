import { jest } from '@jest/globals';
import type { AuthView } from '@parley/contracts';
import { answerMissing, connectionFailed, ParleyError } from './errors.js';
import type { Http } from './http.js';
import { Session } from './session.js';
import { memoryStorage, type KeyValueStorage } from './storage.js';

const KEY = 'parley:session';
const LIFE_SECONDS = 900;

/** Session `n` of Ada: its tokens have the number. */
function auth(n: number, userId = 'ada'): AuthView {
  const user = { id: userId } as AuthView['user'];
  return { user, accessToken: `access ${n}`, refreshToken: `refresh ${n}`, expiresIn: LIFE_SECONDS };
}

/** The server's side: which tokens were exchanged, and what it answers. */
class Desk {
  readonly exchanged: string[] = [];
  /** What becomes of the next exchanges; those after them succeed. */
  outcomes: (ParleyError | null)[] = [];
  /** What happens while the server answers. */
  meanwhile: () => Promise<void> = () => Promise.resolve();
  private issued = 1;

  readonly http = {
    anonymous: async (_method: string, path: string, body: { refreshToken: string }) => {
      expect(path).toBe('/auth/refresh');
      this.exchanged.push(body.refreshToken);
      await this.meanwhile();
      const refusal = this.outcomes.shift() ?? null;
      if (refusal !== null) throw refusal;
      return auth((this.issued += 1));
    },
  } as unknown as Pick<Http, 'anonymous'>;
}

const refused = (status: number): ParleyError => new ParleyError('refresh_token_invalid', 'No', { status });
const busy = (status: number): ParleyError => new ParleyError('server_busy', 'Later', { status, retryable: true });

describe('a session', () => {
  let desk: Desk;
  let storage: KeyValueStorage;
  let ended: ParleyError[];

  beforeEach(() => {
    jest.useFakeTimers();
    desk = new Desk();
    storage = memoryStorage();
    ended = [];
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** One tab over the storage. */
  const tab = (): Session => new Session(desk.http, storage, (error) => void ended.push(error));

  async function begun(): Promise<Session> {
    const session = tab();
    await session.begin(auth(1));
    return session;
  }

  /** Lets the access tokens that there are come to their end. */
  const pass = (seconds = LIFE_SECONDS): unknown => jest.advanceTimersByTime(seconds * 1_000);

  const stored = async (): Promise<unknown> => JSON.parse((await storage.get(KEY)) ?? 'null');

  it('uses its token until shortly before the end, and then exchanges it', async () => {
    const session = await begun();
    pass(LIFE_SECONDS - 31);
    expect(await session.accessToken()).toBe('access 1');
    expect(desk.exchanged).toEqual([]);
    pass(1);
    expect(await session.accessToken()).toBe('access 2');
    expect(await session.accessToken()).toBe('access 2');
    expect(desk.exchanged).toEqual(['refresh 1']);
    expect(await stored()).toMatchObject({ userId: 'ada', accessToken: 'access 2', refreshToken: 'refresh 2' });
  });

  it('exchanges its tokens once, however many ask', async () => {
    const session = await begun();
    pass();
    const asked = [session.accessToken(), session.renew('access 1'), session.accessToken()];
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['access 2']));
    // Somebody whose request was under way meanwhile was refused with the old one.
    expect(await session.renew('access 1')).toBe('access 2');
    expect(desk.exchanged).toEqual(['refresh 1']);
    expect(await session.renew('access 2')).toBe('access 3');
  });

  it.each([answerMissing, connectionFailed])('repeats an exchange once when its answer is lost', async (lost) => {
    const session = await begun();
    desk.outcomes = [lost()];
    expect(await session.renew('access 1')).toBe('access 2');
    expect(desk.exchanged).toEqual(['refresh 1', 'refresh 1']);
    desk.outcomes = [lost(), lost()];
    await expect(session.renew('access 2')).rejects.toMatchObject({ status: null });
    expect(desk.exchanged.slice(2)).toEqual(['refresh 2', 'refresh 2']);
  });

  it.each([refused(401), busy(503)])('never repeats an exchange that was refused (%#)', async (refusal) => {
    const session = await begun();
    desk.outcomes = [refusal];
    await expect(session.renew('access 1')).rejects.toBe(refusal);
    expect(desk.exchanged).toEqual(['refresh 1']);
  });

  it.each([400, 401, 403])('is over after a refusal for good, with %p', async (status) => {
    const session = await begun();
    const refusal = refused(status);
    desk.outcomes = [refusal];
    await expect(Promise.all([session.renew('access 1'), session.renew('access 1')])).rejects.toBe(refusal);
    expect(ended).toEqual([refusal]);
    expect(session.userId).toBeNull();
    expect(await stored()).toBeNull();
    await expect(session.accessToken()).rejects.toMatchObject({ code: 'not_logged_in' });
    await expect(session.renew('access 1')).rejects.toMatchObject({ code: 'not_logged_in' });
  });

  it.each([
    ['a server that is busy', busy(503)],
    ['a server that is busy, said as a refusal', busy(401)],
    ['too many requests', new ParleyError('rate_limited', 'Later', { status: 429, retryable: true })],
    ['a mistake of the server', new ParleyError('internal_error', 'Oh', { status: 500 })],
    ['a place without a Parley server', new ParleyError('route_not_found', 'What?', { status: 404 })],
  ])('goes on after %s', async (_name, trouble) => {
    const session = await begun();
    desk.outcomes = [trouble];
    await expect(session.renew('access 1')).rejects.toBe(trouble);
    expect(ended).toEqual([]);
    expect(await stored()).toMatchObject({ refreshToken: 'refresh 1' });
    expect(await session.renew('access 1')).toBe('access 2');
  });

  it('takes the tokens that another tab has got', async () => {
    const session = await begun();
    const other = tab();
    expect(await other.load()).toBe('ada');
    pass();
    expect(await other.accessToken()).toBe('access 2');
    expect(await session.accessToken()).toBe('access 2');
    expect(desk.exchanged).toEqual(['refresh 1']);
  });

  it('takes the tokens that another tab has got while its own were refused', async () => {
    const session = await begun();
    desk.outcomes = [refused(401)];
    desk.meanwhile = async () => {
      pass(1);
      await tab().begin(auth(7));
    };
    expect(await session.renew('access 1')).toBe('access 7');
    expect(ended).toEqual([]);
    expect(await session.accessToken()).toBe('access 7');
  });

  it('exchanges the tokens of the other tab, when those have come to their end, too', async () => {
    const session = await begun();
    const other = tab();
    await other.load();
    pass();
    await other.accessToken();
    pass();
    // Its own were exchanged long ago: a server takes whoever shows them again for a thief.
    expect(await session.accessToken()).toBe('access 3');
    expect(desk.exchanged).toEqual(['refresh 1', 'refresh 2']);
  });

  it('does not take the tokens of somebody else', async () => {
    const session = await begun();
    pass();
    await tab().begin(auth(7, 'ben'));
    expect(await session.accessToken()).toBe('access 2');
    expect(session.userId).toBe('ada');
  });

  it('that was left during an exchange stays left', async () => {
    const session = await begun();
    desk.meanwhile = () => session.forget();
    await session.renew('access 1');
    expect(session.userId).toBeNull();
    expect(await stored()).toBeNull();
    expect(ended).toEqual([]);
  });

  it('begins with nobody when what is stored cannot be read', async () => {
    for (const text of ['', '{', 'null', '[]', '"ada"', '{"userId":"ada"}']) {
      await storage.set(KEY, text);
      expect(await tab().load()).toBeNull();
    }
  });
});
