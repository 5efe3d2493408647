import { Injectable } from '@nestjs/common';
import type { AuthView, ChangePassword, Login, Register } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { RateLimiter } from '../common/rate-limiter.js';
import { Transactions } from '../database/transactions.js';
import { UsersAccess } from '../users/users.access.js';
import type { Client } from './client.js';
import { PasswordHasher } from './password-hasher.js';
import { sessionEnded, SessionsAccess } from './sessions.access.js';
import { TokensService } from './tokens.service.js';

/**
 * Lets people in: registers them, checks and changes their passwords. Whoever has no session yet is
 * known by their address only, so the first line of each method counts attempts. Sessions go on in
 * `refresh.service.ts` and end in `sessions.service.ts`.
 *
 * Hashes are made and checked outside of transactions, because they take long; the transaction then
 * makes sure that what was checked still holds (`UsersAccess.lockCredentials`).
 */
@Injectable()
export class AuthService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly rateLimiter: RateLimiter,
    private readonly users: UsersAccess,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsAccess,
    private readonly tokens: TokensService,
  ) {}

  /** @throws DomainError `username_taken`, `rate_limited`, `server_busy` */
  async register(client: Client, input: Register): Promise<AuthView> {
    await this.rateLimiter.consume('register', client.ip);
    const passwordHash = await this.hasher.hash(input.password);
    const { username, displayName = username } = input;
    return this.transactions.run(async (tx) => {
      const user = await this.users.create(tx, { username, displayName, passwordHash });
      const refreshToken = await this.sessions.begin(tx, user.id, client);
      return this.tokens.toAuthView(user, refreshToken);
    });
  }

  /** @throws DomainError `credentials_invalid`, `rate_limited`, `server_busy` */
  async login(client: Client, input: Login): Promise<AuthView> {
    await this.rateLimiter.consume('login', client.ip);
    const username = input.username.toLowerCase();
    await this.rateLimiter.consume('login_user', `${username} ${client.ip}`);
    await this.rateLimiter.consume('login_user_anywhere', username);
    const found = await this.users.findCredentials(this.dataSource.manager, input.username);
    const account = await this.hasher.requireMatch(found, input.password);
    const upgrade = this.hasher.isOutdated(account.passwordHash) ? await this.hasher.hash(input.password) : null;
    return this.transactions.run(async (tx) => {
      await this.users.lockCredentials(tx, account);
      if (upgrade !== null) await this.users.upgradePasswordHash(tx, account.userId, upgrade);
      const user = await this.users.getProfile(tx.manager, account.userId);
      const refreshToken = await this.sessions.begin(tx, user.id, client);
      return this.tokens.toAuthView(user, refreshToken);
    });
  }

  /**
   * Changes the password and ends the actor's other sessions. Attempts are counted like logins: who
   * found an open session must not be able to guess the password from there.
   * @throws DomainError `credentials_invalid`, `rate_limited`, `server_busy`
   */
  async changePassword(actor: Actor, input: ChangePassword): Promise<void> {
    await this.rateLimiter.consume('login_user', actor.userId);
    const found = await this.users.getCredentials(this.dataSource.manager, actor.userId);
    const account = await this.hasher.requireMatch(found, input.currentPassword);
    const passwordHash = await this.hasher.hash(input.newPassword);
    await this.transactions.run(async (tx) => {
      await this.users.lockCredentials(tx, account);
      // Hashing took its time: a session that was ended meanwhile must not have the last word.
      if ((await this.sessions.lock(tx, actor.sessionId))?.live !== true) throw sessionEnded();
      await this.users.setPasswordHash(tx, account.userId, passwordHash);
      await this.sessions.endAll(tx, account.userId, { except: actor.sessionId });
    });
  }
}
