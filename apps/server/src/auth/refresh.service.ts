import { Injectable, Logger } from '@nestjs/common';
import type { AuthView, ProfileView, Refresh } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';
import { RateLimiter } from '../common/rate-limiter.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { UsersAccess } from '../users/users.access.js';
import type { Client } from './client.js';
import { RefreshTokens, type RefreshToken } from './refresh-tokens.js';
import { sessionEnded, SessionsAccess } from './sessions.access.js';
import { TokensService } from './tokens.service.js';

/** What became of a refresh token: exchanged for its successor, or its session ended by it. */
type Renewal = { user: ProfileView; refreshToken: RefreshToken } | 'reused';

/**
 * Renews sessions.
 *
 * Guarantee: a refresh token is exchanged once, for one successor, however many ask at the same time
 * and on whatever nodes; they are told the same. Whoever comes later with it ends the session, because
 * then there are two who have it, and one of them should not. Accepted: for ten seconds a thief may be
 * taken for a second tab; the session ends when one of the two comes with a token that the other has
 * used. Covered by `refresh.service.int-spec.ts`.
 */
@Injectable()
export class RefreshService {
  private readonly logger = new Logger(RefreshService.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly rateLimiter: RateLimiter,
    private readonly users: UsersAccess,
    private readonly sessions: SessionsAccess,
    private readonly tokens: TokensService,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** @throws DomainError `refresh_token_invalid`, `refresh_token_reused`, `session_ended`, `rate_limited` */
  async refresh(client: Client, input: Required<Refresh>): Promise<AuthView> {
    await this.rateLimiter.consume('refresh', client.ip);
    const token = this.refreshTokens.parse(input.refreshToken);
    if (token === null) throw refreshTokenInvalid();
    const renewal = await this.transactions.run((tx) => this.renew(tx, token, client));
    if (renewal !== 'reused') return this.tokens.toAuthView(renewal.user, renewal.refreshToken);
    this.logger.warn(`Session ${token.sessionId} was ended: one of its refresh tokens was used twice`);
    throw new DomainError('refresh_token_reused', 'This refresh token was used before, so its session has ended');
  }

  /** Reuse is returned, not thrown: throwing would undo the end of the session. */
  private async renew(tx: Tx, token: RefreshToken, client: Client): Promise<Renewal> {
    const session = await this.sessions.lock(tx, token.sessionId);
    const standing = session === null ? 'foreign' : this.refreshTokens.judge(token, session);
    if (session === null || standing === 'foreign') throw refreshTokenInvalid();
    if (!session.live) throw sessionEnded();
    const refreshToken = this.refreshTokens.successorOf(token);
    if (standing === 'current') {
      await this.sessions.rotate(tx, token, refreshToken, client);
    } else if (standing === 'spent' || !session.inGrace) {
      await this.sessions.end(tx, session.userId, token.sessionId);
      return 'reused';
    } else if (this.refreshTokens.judge(refreshToken, session) !== 'current') {
      // The server's secret was changed between the two tabs: this successor is not the stored one.
      throw refreshTokenInvalid();
    }
    return { user: await this.users.getProfile(tx.manager, session.userId), refreshToken };
  }
}

function refreshTokenInvalid(): DomainError {
  return new DomainError('refresh_token_invalid', 'The refresh token is not valid');
}
