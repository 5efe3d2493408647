import { Injectable } from '@nestjs/common';
import { DISCONNECTS } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import { Config } from '../config/config.js';
import { prepared } from '../database/connection.js';
import type { Tx } from '../database/transactions.js';
import type { Client } from './client.js';
import { SessionEntity } from './entities/session.entity.js';
import { RefreshTokens, type RefreshToken, type TokenHashes } from './refresh-tokens.js';

/** How long the token before the present one is still answered, for two tabs that refresh at once. */
const GRACE_SECONDS = 10;
/** So many ids fit into what a bus between nodes carries at once (NOTIFY: 8,000 bytes). */
const SESSIONS_PER_FACT = 100;

const LIVE_SQL = prepared(
  'live_sessions',
  `SELECT id, user_id AS "userId" FROM sessions
    WHERE id = ANY ($1::uuid[]) AND revoked_at IS NULL AND expires_at > clock_timestamp()`,
);

/** A session whose row is locked, as the database's clock sees it. */
export interface LockedSession extends TokenHashes {
  userId: string;
  /** Neither revoked nor expired. */
  live: boolean;
  /** Whether the latest rotation is so recent that the token before it is still answered. */
  inGrace: boolean;
}

/**
 * The rows of sessions: how they begin, are renewed and end. Times are the database's, so that nodes
 * whose clocks differ agree. Ending a session and telling so are one step here; nothing else revokes.
 */
@Injectable()
export class SessionsAccess {
  constructor(
    private readonly config: Config,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** Begins a session. Its first refresh token is handed out here and never again. */
  async begin(tx: Tx, userId: string, client: Client): Promise<RefreshToken> {
    const sessionId = newId();
    const refreshToken = this.refreshTokens.create(sessionId);
    await tx.query(
      `INSERT INTO sessions (id, user_id, refresh_hash, expires_at, user_agent, ip)
       VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4), $5, $6)`,
      [sessionId, userId, refreshToken.hash, this.config.auth.refreshTokenSeconds, client.userAgent, client.ip],
    );
    return refreshToken;
  }

  /** Locks a session until the transaction ends: one refresh at a time, and none beside its end. */
  async lock(tx: Tx, sessionId: string): Promise<LockedSession | null> {
    const [row] = await tx.query<LockedSession>(
      `SELECT user_id AS "userId", refresh_hash AS "refreshHash", previous_refresh_hash AS "previousRefreshHash",
              revoked_at IS NULL AND expires_at > clock_timestamp() AS live,
              rotated_at > clock_timestamp() - make_interval(secs => ${GRACE_SECONDS}) AS "inGrace"
         FROM sessions WHERE id = $1 FOR NO KEY UPDATE`,
      [sessionId],
    );
    return row ?? null;
  }

  /** Makes `next` the session's token instead of `spent`, and the session last from now on. */
  async rotate(tx: Tx, spent: RefreshToken, next: RefreshToken, client: Client): Promise<void> {
    await tx.manager.update(
      SessionEntity,
      { id: spent.sessionId },
      {
        refreshHash: next.hash,
        previousRefreshHash: spent.hash,
        rotatedAt: () => 'clock_timestamp()',
        lastUsedAt: () => 'clock_timestamp()',
        expiresAt: () => `clock_timestamp() + make_interval(secs => ${this.config.auth.refreshTokenSeconds})`,
        userAgent: client.userAgent,
        ip: client.ip,
      },
    );
  }

  /** Ends one session of this person; false when they have no such session that lives. */
  async end(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
    return (await this.revoke(tx, 'user_id = $1 AND id = $2', [userId, sessionId])) > 0;
  }

  /** Ends all sessions of this person, or all but one. */
  async endAll(tx: Tx, userId: string, options: { except?: string } = {}): Promise<void> {
    await this.revoke(tx, 'user_id = $1 AND id IS DISTINCT FROM $2', [userId, options.except ?? null]);
  }

  /** Whose sessions these are, of those that are live. */
  async findUserIds(db: EntityManager, sessionIds: readonly string[]): Promise<Map<string, string>> {
    const rows: { id: string; userId: string }[] = await db.query(LIVE_SQL, [sessionIds]);
    return new Map(rows.map(({ id, userId }) => [id, userId]));
  }

  private async revoke(tx: Tx, which: string, parameters: readonly (string | null)[]): Promise<number> {
    const ended = await tx.query<{ id: string }>(
      `UPDATE sessions SET revoked_at = clock_timestamp()
        WHERE ${which} AND revoked_at IS NULL AND expires_at > clock_timestamp() RETURNING id`,
      parameters,
    );
    const sessionIds = ended.map((row) => row.id);
    for (let from = 0; from < sessionIds.length; from += SESSIONS_PER_FACT) {
      tx.record({
        type: 'session:ended',
        audience: { sessionIds: sessionIds.slice(from, from + SESSIONS_PER_FACT) },
        payload: { reason: 'session_revoked', ...DISCONNECTS.session_revoked },
        closes: 'session_revoked',
      });
    }
    return sessionIds.length;
  }
}

export function sessionEnded(): DomainError {
  return new DomainError('session_ended', 'The session has ended: log in again');
}
