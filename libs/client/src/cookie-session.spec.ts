import { jest } from '@jest/globals';
import type { CookieAuthView } from '@parley/contracts';
import { connectionFailed, ParleyError } from './errors.js';
import type { Http } from './http.js';
import { Session } from './session.js';
import { memoryStorage, type KeyValueStorage } from './storage.js';

const KEY = 'parley:session';
const LIFE_SECONDS = 600;

/** A browser's side of the server: it exchanges whatever cookie the browser has. */
class CookieDesk {
  /** Whose session the cookie is of; null when there is none. */
  cookieOf: string | null = 'ada';
  readonly asked: object[] = [];
  troubles: ParleyError[] = [];
  /** How many exchanges were under way at the same time, at most. */
  mostAtOnce = 0;
  private underWay = 0;
  private issued = 0;

  readonly http = {
    anonymous: async (_method: string, path: string, body: object) => {
      expect(path).toBe('/auth/refresh');
      this.asked.push(body);
      this.underWay += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
      await Promise.resolve();
      this.underWay -= 1;
      const trouble = this.troubles.shift();
      if (trouble !== undefined) throw trouble;
      if (this.cookieOf === null) throw new ParleyError('validation_failed', 'There is none', { status: 400 });
      return this.view(this.cookieOf);
    },
  } as unknown as Pick<Http, 'anonymous'>;

  view(userId: string): CookieAuthView {
    this.issued += 1;
    const user = { id: userId } as CookieAuthView['user'];
    return { user, accessToken: `access ${this.issued}`, expiresIn: LIFE_SECONDS };
  }
}

describe('a session whose refresh token is in a cookie', () => {
  let desk: CookieDesk;
  let storage: KeyValueStorage;
  let ended: ParleyError[];

  beforeEach(() => {
    jest.useFakeTimers();
    desk = new CookieDesk();
    storage = memoryStorage();
    ended = [];
  });
  afterEach(() => {
    jest.useRealTimers();
    setLocks(undefined);
  });

  const tab = (): Session => new Session(desk.http, storage, (error) => void ended.push(error), 'cookie');

  async function begun(userId = 'ada'): Promise<Session> {
    const session = tab();
    await session.begin(desk.view(userId));
    return session;
  }

  const pass = (): unknown => jest.advanceTimersByTime(LIFE_SECONDS * 1_000);
  const stored = async (): Promise<unknown> => JSON.parse((await storage.get(KEY)) ?? 'null');

  it('stores whose it is, and nothing secret', async () => {
    const session = await begun();
    pass();
    expect(await session.accessToken()).toBe('access 2');
    expect(await stored()).toEqual({ userId: 'ada' });
    for (const key of await storage.keys('')) expect(await storage.get(key)).not.toContain('access');
  });

  it('begins in a new tab with an exchange of the cookie, for nothing else is known', async () => {
    await begun();
    const session = tab();
    expect(await session.load()).toBe('ada');
    expect(await session.accessToken()).toBe('access 2');
    expect(await session.accessToken()).toBe('access 2');
    expect(desk.asked).toEqual([{}]);
  });

  it('is not begun when nobody has logged in, whatever cookie there may be', async () => {
    for (const text of ['', '{', 'null', '[]', '"ada"', '{"userId":7}']) {
      await storage.set(KEY, text);
      expect(await tab().load()).toBeNull();
    }
    expect(desk.asked).toEqual([]);
  });

  it('goes on after trouble on the way, and repeats an exchange whose answer is lost', async () => {
    const session = await begun();
    pass();
    desk.troubles = [connectionFailed()];
    expect(await session.accessToken()).toBe('access 2');
    pass();
    desk.troubles = [connectionFailed(), connectionFailed()];
    await expect(session.accessToken()).rejects.toMatchObject({ status: null });
    expect(ended).toEqual([]);
    expect(await session.accessToken()).toBe('access 3');
  });

  it('is over when another tab has logged out', async () => {
    const [session, other] = [await begun(), tab()];
    await other.load();
    await other.forget();
    desk.cookieOf = null;
    pass();
    await expect(session.accessToken()).rejects.toMatchObject({ code: 'validation_failed' });
    expect(ended).toHaveLength(1);
    expect(session.userId).toBeNull();
  });

  it('is over when somebody else has logged in in another tab, whose session is left alone', async () => {
    const session = await begun();
    desk.cookieOf = 'ben';
    await begun('ben');
    pass();
    await expect(session.accessToken()).rejects.toMatchObject({ code: 'session_ended' });
    expect(desk.asked).toEqual([]);
    expect(ended).toHaveLength(1);
    expect(await stored()).toEqual({ userId: 'ben' });
  });

  it('is over when the cookie turns out to be of somebody else', async () => {
    const session = await begun();
    desk.cookieOf = 'ben';
    pass();
    await expect(session.accessToken()).rejects.toMatchObject({ code: 'session_ended' });
    expect(session.userId).toBeNull();
  });

  it('takes turns with other tabs, where the browser has locks', async () => {
    let line: Promise<unknown> = Promise.resolve();
    const names: string[] = [];
    setLocks({
      request: (name, work) => {
        names.push(name);
        const turn = line.then(work);
        line = turn;
        return turn;
      },
    });
    await begun();
    const tabs = [tab(), tab(), tab()];
    await Promise.all(tabs.map((each) => each.load()));
    await Promise.all(tabs.map((each) => each.accessToken()));
    expect(desk.asked).toHaveLength(3);
    expect(desk.mostAtOnce).toBe(1);
    expect(new Set(names)).toEqual(new Set(['parley:refresh']));
  });
});

function setLocks(
  locks: { request: (name: string, work: () => Promise<unknown>) => Promise<unknown> } | undefined,
): void {
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true, writable: true });
}
