import { Injectable } from '@nestjs/common';
import { TokensService } from '../auth/tokens.service.js';
import { DomainError } from '../common/domain-error.js';
import type { Connection } from './connection.js';

/** Lets a connection go on with a newer access token of the same session. */
@Injectable()
export class TokenRefresh {
  constructor(private readonly tokens: TokensService) {}

  /** @throws DomainError `token_invalid`, `token_expired`, `session_ended` */
  async refresh(connection: Connection, accessToken: string): Promise<{ expiresAt: string }> {
    const { actor, expiresAt } = await this.tokens.verify(accessToken);
    if (actor.sessionId !== connection.actor.sessionId || actor.userId !== connection.actor.userId) {
      throw new DomainError('token_invalid', 'The access token belongs to another session');
    }
    connection.expiresAt = Math.max(connection.expiresAt, expiresAt.getTime());
    connection.expiryTold = false;
    return { expiresAt: new Date(connection.expiresAt).toISOString() };
  }
}
