import type { AuthView } from '@parley/contracts';
import { notLoggedIn, ParleyError } from './errors.js';
import type { Http, Tokens } from './http.js';
import type { KeyValueStorage } from './storage.js';

const KEY = 'parley:session';
/** A token is exchanged so long before its end, or after half of its life, whichever is later. */
const SPARE_MS = 30_000;

/**
 * The answer to an exchange may get lost. Within 10 s the server gives the same answer once more, and after
 * that takes the old token for a stolen one; so an exchange is given up early, and repeated at once.
 */
const EXCHANGE_WITHIN_MS = 4_000;

/** What is kept of a session. */
interface Kept {
  userId: string;
  accessToken: string;
  refreshToken: string;
  /** When to exchange the access token, by this device's clock in milliseconds. */
  renewAt: number;
}

/**
 * The session of the person who is logged in.
 *
 * Guarantee: the tokens are exchanged by one request at a time, however many ask for one. Two tabs that
 * share a storage follow each other: whoever finds that the stored tokens are not its own takes those. A
 * refusal for good ends the session; trouble on the way never does.
 */
export class Session implements Tokens {
  private kept: Kept | null = null;
  private refreshing: Promise<string> | null = null;

  constructor(
    private readonly http: Pick<Http, 'anonymous'>,
    private readonly storage: KeyValueStorage,
    /** Called when the server has ended it, and not when one logs out. */
    private readonly onEnded: (error: ParleyError) => void,
  ) {}

  get userId(): string | null {
    return this.kept?.userId ?? null;
  }

  /** Takes up a session that was just opened. */
  async begin(auth: AuthView): Promise<void> {
    await this.keep(toKept(auth));
  }

  /** Takes up the stored session, if there is one; whose it is. */
  async load(): Promise<string | null> {
    this.kept = await this.read();
    return this.userId;
  }

  /** Forgets it, here and in the storage. */
  async forget(): Promise<void> {
    this.kept = null;
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
      const auth = await this.exchange(own).catch((error: unknown) => {
        if (error instanceof ParleyError && error.status === null) return this.exchange(own);
        throw error;
      });
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

  private exchange({ refreshToken }: Kept): Promise<AuthView> {
    return this.http.anonymous<AuthView>('POST', '/auth/refresh', { refreshToken }, EXCHANGE_WITHIN_MS);
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
    await this.storage.set(KEY, JSON.stringify(kept)).catch(() => undefined);
  }

  private async read(): Promise<Kept | null> {
    try {
      const kept: unknown = JSON.parse((await this.storage.get(KEY)) ?? 'null');
      return isKept(kept) ? kept : null;
    } catch {
      return null;
    }
  }
}

function toKept({ user, accessToken, expiresIn, refreshToken }: AuthView): Kept {
  const lifeMs = expiresIn * 1_000;
  const renewAt = Date.now() + Math.max(lifeMs - SPARE_MS, lifeMs / 2);
  return { userId: user.id, accessToken, refreshToken, renewAt };
}

function isGood({ renewAt }: Kept): boolean {
  return Date.now() < renewAt;
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'refreshToken' in value && 'userId' in value;
}

/** Whether no other try can succeed. */
function isForGood({ status, retryable }: ParleyError): boolean {
  return !retryable && (status === 401 || status === 403 || status === 400);
}
