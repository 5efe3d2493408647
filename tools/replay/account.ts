import { randomBytes } from 'node:crypto';
import type { AuthView } from '@parley/contracts';
import { RefusedError, type Api } from './api.js';
import { toDisplayName, toUsername } from './names.js';

/** A token is replaced when less than this part of its life is left. */
const SPARE = 0.25;

/**
 * One person's account on the server: registered for this run, and logged in for as long as it takes.
 * Access tokens last minutes and a slow replay hours, so the token is replaced before it runs out.
 */
export class Account {
  /** Told when there is a new access token. */
  onRenewed: () => void = () => undefined;
  private renewAt = 0;
  private renewing: Promise<void> | null = null;

  private constructor(
    private readonly api: Api,
    private readonly username: string,
    private readonly password: string,
    private auth: AuthView,
  ) {
    this.accept(auth);
  }

  /** Registers somebody under a username that is made of the nick and taken by nobody. */
  static async register(api: Api, nick: string, person: number): Promise<Account> {
    const password = randomBytes(18).toString('base64url');
    for (;;) {
      const username = toUsername(nick, person, randomBytes(4).toString('hex'));
      const body = { username, password, displayName: toDisplayName(nick) };
      try {
        return new Account(api, username, password, await api.request<AuthView>('POST', '/auth/register', { body }));
      } catch (error) {
        // Taken, perhaps by ourselves in a try whose answer was lost: another name will do.
        if (!(error instanceof RefusedError) || error.problem.code !== 'username_taken') throw error;
      }
    }
  }

  get userId(): string {
    return this.auth.user.id;
  }

  /** An access token that is good for a while. */
  readonly token = async (): Promise<string> => {
    if (Date.now() >= this.renewAt) await this.renew();
    return this.auth.accessToken;
  };

  /** Milliseconds until the token is due to be replaced. */
  get dueInMs(): number {
    return Math.max(0, this.renewAt - Date.now());
  }

  /** Replaces the token; calls at the same time share one replacement. */
  renew(): Promise<void> {
    this.renewing ??= this.refreshOrLogIn()
      .then(() => this.onRenewed())
      .finally(() => {
        this.renewing = null;
      });
    return this.renewing;
  }

  private async refreshOrLogIn(): Promise<void> {
    try {
      const body = { refreshToken: this.auth.refreshToken };
      this.accept(await this.api.request<AuthView>('POST', '/auth/refresh', { body }));
    } catch (error) {
      // A refresh whose answer was lost has used the token up, and then the session is over.
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      const body = { username: this.username, password: this.password };
      this.accept(await this.api.request<AuthView>('POST', '/auth/login', { body }));
    }
  }

  private accept(auth: AuthView): void {
    this.auth = auth;
    this.renewAt = Date.now() + auth.expiresIn * 1_000 * (1 - SPARE);
  }
}
