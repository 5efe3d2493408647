import { Injectable } from '@nestjs/common';
import { LIMITS, type SessionView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { Transactions } from '../database/transactions.js';
import { SessionEntity } from './entities/session.entity.js';
import { SessionsAccess } from './sessions.access.js';

/** A person's sessions, as they see and end them. Beginning and renewing them is `auth.service.ts`. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly sessions: SessionsAccess,
  ) {}

  /** The actor's live sessions: the present one first, then by latest use. At most 100. */
  async list(actor: Actor): Promise<{ items: SessionView[] }> {
    const sessions = await this.dataSource.manager
      .createQueryBuilder(SessionEntity, 'session')
      .where('session.userId = :userId AND session.revokedAt IS NULL', { userId: actor.userId })
      .andWhere('session.expiresAt > clock_timestamp()')
      .orderBy('session.id = :sessionId', 'DESC')
      .addOrderBy('session.lastUsedAt', 'DESC')
      .setParameter('sessionId', actor.sessionId)
      .limit(LIMITS.listPageMax)
      .getMany();
    return { items: sessions.map((session) => toSessionView(session, actor)) };
  }

  /**
   * Ends one of the actor's sessions, on this device or another.
   * @throws DomainError `session_not_found` for someone else's, and for one that has ended.
   */
  async end(actor: Actor, sessionId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (await this.sessions.end(tx, actor.userId, sessionId)) return;
      throw new DomainError('session_not_found', 'You have no such session');
    });
  }

  /** Ends the present session. */
  async endCurrent(actor: Actor): Promise<void> {
    await this.transactions.run((tx) => this.sessions.end(tx, actor.userId, actor.sessionId));
  }

  /** Ends all of the actor's sessions, the present one included. */
  async endAll(actor: Actor): Promise<void> {
    await this.transactions.run((tx) => this.sessions.endAll(tx, actor.userId));
  }

  /** Those of these sessions that are over, or never were: for the audit of open connections. */
  async findEnded(sessionIds: readonly string[]): Promise<string[]> {
    const live = await this.sessions.findUserIds(this.dataSource.manager, sessionIds);
    return sessionIds.filter((id) => !live.has(id));
  }
}

function toSessionView(session: SessionEntity, actor: Actor): SessionView {
  return {
    id: session.id,
    current: session.id === actor.sessionId,
    userAgent: session.userAgent,
    ip: session.ip,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
  };
}
