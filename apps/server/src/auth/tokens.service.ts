import { Injectable } from '@nestjs/common';
import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import type { AuthView, ProfileView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import { Config } from '../config/config.js';
import {
  readClaims,
  SIGN_OPTIONS,
  tokenInvalid,
  toTokenBody,
  VERIFY_OPTIONS,
  type AccessTokenClaims,
} from './access-token.js';
import type { RefreshToken } from './refresh-tokens.js';
import { SessionLiveness } from './session-liveness.js';
import { sessionEnded } from './sessions.access.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Who a valid access token speaks for, and until when. */
export interface VerifiedToken {
  actor: Actor;
  expiresAt: Date;
}

/** Issues access tokens and decides whether one is good, for REST and for sockets. */
@Injectable()
export class TokensService {
  private readonly verified = new VerifiedTokens();

  constructor(
    private readonly config: Config,
    private readonly jwt: JwtService,
    private readonly liveness: SessionLiveness,
  ) {}

  /** A new access token. `expiresIn` is in seconds. */
  issue(actor: Actor): { accessToken: string; expiresIn: number } {
    const expiresIn = this.config.auth.accessTokenSeconds;
    const iat = nowInSeconds();
    const body = toTokenBody({ sub: actor.userId, sid: actor.sessionId, jti: newId(), iat, exp: iat + expiresIn });
    return { accessToken: this.jwt.sign(body, SIGN_OPTIONS), expiresIn };
  }

  /** What somebody gets who was let in: an access token of the session that the refresh token names. */
  toAuthView(user: ProfileView, refreshToken: RefreshToken): AuthView {
    const access = this.issue({ userId: user.id, sessionId: refreshToken.sessionId });
    return { user, ...access, refreshToken: refreshToken.text };
  }

  /**
   * Decides about the token of a connection.
   * @throws DomainError `token_invalid`, `token_expired`, `session_ended`
   */
  async verify(accessToken: string): Promise<VerifiedToken> {
    let token: object;
    try {
      token = this.jwt.verify(accessToken, VERIFY_OPTIONS);
    } catch (error) {
      throw toTokenRefusal(error);
    }
    return this.letIn(readClaims(token, nowInSeconds()));
  }

  /**
   * Decides about a token of a request that was verified with {@link VERIFY_OPTIONS}: are its claims complete,
   * and does its session live? It is recognized from then on.
   * @throws DomainError `token_invalid`, `session_ended`
   */
  async admit(token: unknown, text: string): Promise<VerifiedToken> {
    const claims = readClaims(token, nowInSeconds());
    this.verified.remember(text, claims);
    return this.letIn(claims);
  }

  /**
   * The same for the text of a token that was verified before; null for one that has to be.
   * @throws DomainError `session_ended`
   */
  async recognize(text: string): Promise<VerifiedToken | null> {
    const claims = this.verified.find(text, nowInSeconds());
    return claims === null ? null : this.letIn(claims);
  }

  private async letIn({ sub, sid, exp }: AccessTokenClaims): Promise<VerifiedToken> {
    const userId = await this.liveness.findUserId(sid);
    if (userId !== sub) throw sessionEnded();
    return { actor: { userId: sub, sessionId: sid }, expiresAt: new Date(exp * 1_000) };
  }
}

/** What the JWT library's refusal is to a client. */
export function toTokenRefusal(error: unknown): DomainError {
  if (error instanceof TokenExpiredError) return new DomainError('token_expired', 'The access token has expired');
  return tokenInvalid();
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
