import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BatchedReads } from '../database/batched-reads.js';
import { toDomainError } from '../database/database-errors.js';
import { FactBus } from '../events/fact-bus.js';
import { SessionsAccess } from './sessions.access.js';

const KNOWN_FOR_MS = 1_000;
/** How long a request may wait for the next question, where many ask at once. */
const GATHER_MS = 30;

interface Known {
  until: number;
  userId: Promise<string | null>;
}

/**
 * Knows whether a session is live, without asking the database at every request.
 *
 * Guarantee: an answer is at most one second old; and once a revocation has been made known here
 * (before its own request is answered, if it was made on this node), no answer from before it is
 * given to anyone who asks later. Covered by `session-liveness.int-spec.ts`.
 */
@Injectable()
export class SessionLiveness implements OnModuleInit, OnModuleDestroy {
  // In the order in which they expire, because all are kept equally long.
  private readonly known = new Map<string, Known>();
  private readonly reads: BatchedReads<string, string | null>;
  private unsubscribe: () => void = () => undefined;

  constructor(
    dataSource: DataSource,
    sessions: SessionsAccess,
    private readonly bus: FactBus,
  ) {
    this.reads = new BatchedReads(GATHER_MS, async (sessionIds) => {
      const userIds = await sessions.findUserIds(dataSource.manager, sessionIds);
      return sessionIds.map((sessionId) => userIds.get(sessionId) ?? null);
    });
  }

  onModuleInit(): void {
    this.unsubscribe = this.bus.subscribe((change) => {
      for (const fact of change) {
        if (fact.type === 'session:ended' && 'sessionIds' in fact.audience) this.forget(fact.audience.sessionIds);
      }
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** Whose session this is, if it is live; null otherwise. */
  async findUserId(sessionId: string): Promise<string | null> {
    const now = performance.now();
    this.dropExpired(now);
    const known = this.known.get(sessionId) ?? this.ask(sessionId, now);
    return known.userId;
  }

  /**
   * Invariant: an answer is stored when it is *asked for*. One that is still on its way when its
   * session ends is removed here with the rest, and cannot be stored afterwards.
   */
  private forget(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) this.known.delete(sessionId);
  }

  private ask(sessionId: string, now: number): Known {
    const userId = this.reads.ask(sessionId);
    const known: Known = {
      until: now + KNOWN_FOR_MS,
      userId: userId.catch((error: unknown) => {
        // A failure is nobody's answer but that of those who are waiting for it.
        if (this.known.get(sessionId) === known) this.known.delete(sessionId);
        throw toDomainError(error);
      }),
    };
    this.known.set(sessionId, known);
    return known;
  }

  private dropExpired(now: number): void {
    for (const [sessionId, { until }] of this.known) {
      if (until > now) return;
      this.known.delete(sessionId);
    }
  }
}
