import type { AuthView, CookieAuthView } from '@parley/contracts';
import { notLoggedIn, ParleyError } from './errors.js';
import type { Http, Tokens } from './http.js';
import { oneTabAtATime } from './one-tab.js';
import type { KeyValueStorage } from './storage.js';

const KEY = 'parley:session';
/** A token is exchanged so long before its end, or after half of its life, whichever is later. */
const SPARE_MS = 30_000;

/**
 * The answer to an exchange may get lost. Within 10 s the server gives the same answer once more, and after
 * that takes the old token for a stolen one; so an exchange is given up early, and repeated at once.
 */
const EXCHANGE_WITHIN_MS = 4_000;

/** Where the refresh token is: with the client, in its storage, or with the browser, in a cookie that only the server reads. */
export type RefreshTokens = 'storage' | 'cookie';

/** What is kept of a session. */
interface Kept {
  userId: string;
  /** Empty when only the cookie is known; it is exchanged before it is used. */
  accessToken: string;
  /** Null when it is in the cookie. */
  refreshToken: string | null;
  /** When to exchange the access token, by this device's clock in milliseconds. */
  renewAt: number;
}

/**
 * The session of the person who is logged in.
 *
 * Guarantee: the tokens are exchanged by one request at a time, however many ask for one. Two tabs that
 * share a storage follow each other: whoever finds that the stored tokens are not its own takes those. A
 * refusal for good ends the session; trouble on the way never does.
 *
 * With the refresh token in a cookie nothing secret is stored: each tab has an access token of its own, in its
 * memory, and the tabs take turns to exchange the cookie that they share. Accepted: whoever logs in as somebody
 * else in another tab replaces that cookie, and this tab's session is over when its access token is.
 */
export class Session implements Tokens {
  private kept: Kept | null = null;
  private refreshing: Promise<string> | null = null;

  constructor(
    private readonly http: Pick<Http, 'anonymous'>,
    private readonly storage: KeyValueStorage,
    /** Called when the server has ended it, and not when one logs out. */
    private readonly onEnded: (error: ParleyError) => void,
    private readonly refreshTokens: RefreshTokens = 'storage',
  ) {}

  get userId(): string | null {
    return this.kept?.userId ?? null;
  }

  /** Takes up a session that was just opened. */
  async begin(auth: AuthView | CookieAuthView): Promise<void> {
    await this.keep(toKept(auth));
  }

  /** Takes up the stored session, if there is one; whose it is. */
  async load(): Promise<string | null> {
    this.kept = await this.read();
    return this.userId;
  }

  /** Forgets it, here and in the storage, where another person's may be by now. */
  async forget(): Promise<void> {
    const { kept } = this;
    this.kept = null;
    const stored = await this.read();
    if (kept !== null && stored !== null && stored.userId !== kept.userId) return;
    await this.storage.delete(KEY).catch(() => undefined);
  }

  async accessToken(): Promise<string> {
    const { kept } = this;
    if (kept === null) throw notLoggedIn();
    return isGood(kept) ? kept.accessToken : this.renew(kept.accessToken);
  }

  renew(refused: string): Promise<string> {
    if (this.kept === null) return Promise.reject(notLoggedIn());
    if (this.kept.accessToken !== refused) return Promise.resolve(this.kept.accessToken);
    this.refreshing ??= this.refresh(this.kept).finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async refresh(known: Kept): Promise<string> {
    const own = await this.adopt(known);
    if (own !== known && isGood(own)) return own.accessToken;
    try {
      const auth = await (own.refreshToken === null ? this.exchangeCookie(own) : this.exchange(own));
      // Somebody may have logged out meanwhile; then there is nothing to keep.
      if (this.kept === own) await this.keep(toKept(auth));
      return auth.accessToken;
    } catch (error) {
      const other = await this.adopt(own);
      if (other !== own && isGood(other)) return other.accessToken;
      if (error instanceof ParleyError && isForGood(error) && this.kept === own) {
        await this.forget();
        this.onEnded(error);
      }
      throw error;
    }
  }

  private async exchange({ refreshToken }: Kept): Promise<AuthView | CookieAuthView> {
    const body = refreshToken === null ? {} : { refreshToken };
    const ask = (): Promise<AuthView | CookieAuthView> =>
      this.http.anonymous('POST', '/auth/refresh', body, EXCHANGE_WITHIN_MS);
    return ask().catch((error: unknown) => {
      if (error instanceof ParleyError && error.status === null) return ask();
      throw error;
    });
  }

  /** The cookie is the browser's, not this session's: it may be of somebody who has logged in since. */
  private exchangeCookie(own: Kept): Promise<AuthView | CookieAuthView> {
    return oneTabAtATime('parley:refresh', async () => {
      const stored = await this.read();
      if (stored !== null && stored.userId !== own.userId) throw replaced();
      const auth = await this.exchange(own);
      if (auth.user.id !== own.userId) throw replaced();
      return auth;
    });
  }

  /**
   * Takes the tokens that another tab has got, if there are any; which ones count now. They may be at their
   * end as well, and then they are those to exchange: to exchange older ones again looks like theft.
   */
  private async adopt(own: Kept): Promise<Kept> {
    const stored = await this.read();
    // Somebody may have logged out meanwhile, and then there is nothing to go on with.
    if (this.kept === null) throw notLoggedIn();
    if (this.kept !== own || stored === null) return own;
    if (stored.userId !== own.userId || stored.renewAt <= own.renewAt) return own;
    this.kept = stored;
    return stored;
  }

  private async keep(kept: Kept): Promise<void> {
    this.kept = kept;
    // A full or forbidden storage costs the next visit a login, and nothing now.
    await this.storage.set(KEY, toText(kept)).catch(() => undefined);
  }

  private async read(): Promise<Kept | null> {
    try {
      const stored: unknown = JSON.parse((await this.storage.get(KEY)) ?? 'null');
      if (!isStored(stored)) return null;
      if (this.refreshTokens === 'cookie') return ofCookie(stored.userId);
      return 'refreshToken' in stored ? (stored as Kept) : null;
    } catch {
      return null;
    }
  }
}

function toKept(auth: AuthView | CookieAuthView): Kept {
  const lifeMs = auth.expiresIn * 1_000;
  const renewAt = Date.now() + Math.max(lifeMs - SPARE_MS, lifeMs / 2);
  const refreshToken = 'refreshToken' in auth ? auth.refreshToken : null;
  return { userId: auth.user.id, accessToken: auth.accessToken, refreshToken, renewAt };
}

/** What is known of a session whose cookie was not exchanged yet. */
function ofCookie(userId: string): Kept {
  return { userId, accessToken: '', refreshToken: null, renewAt: 0 };
}

/** What goes into the storage: nothing secret when the secret is in the cookie. */
function toText(kept: Kept): string {
  return JSON.stringify(kept.refreshToken === null ? { userId: kept.userId } : kept);
}

function replaced(): ParleyError {
  return new ParleyError('session_ended', 'Somebody else has logged in in this browser', { status: 401 });
}

function isGood({ renewAt }: Kept): boolean {
  return Date.now() < renewAt;
}

function isStored(value: unknown): value is { userId: string } {
  return typeof value === 'object' && value !== null && 'userId' in value && typeof value.userId === 'string';
}

/** Whether no other try can succeed. */
export function isForGood({ status, retryable }: ParleyError): boolean {
  return !retryable && (status === 401 || status === 403 || status === 400);
}
