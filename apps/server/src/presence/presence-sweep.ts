import { Injectable, Logger } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { OccasionalLog } from '../common/occasional-log.js';
import { Upkeep } from '../database/upkeep.js';
import { UsersAccess } from '../users/users.access.js';
import { NodeLease } from './leases.js';
import { PresenceAnnouncer } from './presence-announcer.js';
import { settlePresence, type PresenceChanges } from './presence-changes.js';
import { deleteNodes, deleteOverConnections, lockDeadNodes, type OverConnection } from './presence.queries.js';
import { PresenceTiming } from './presence.timing.js';
import { Repeating } from './repeating.js';

const BATCH = 1_000;

interface Batch {
  changes: PresenceChanges;
  deleted: number;
}

/**
 * Removes connections that are over and announces who is offline through that, or away. Every node
 * sweeps; what one has locked the others skip, so each connection is removed by one of them, and a
 * node that died is cleared up by whoever comes first.
 */
@Injectable()
export class PresenceSweep {
  private readonly log = new OccasionalLog(new Logger(PresenceSweep.name));
  private readonly turns: Repeating;

  constructor(
    private readonly database: Upkeep,
    private readonly users: UsersAccess,
    private readonly lease: NodeLease,
    private readonly announcer: PresenceAnnouncer,
    private readonly timing: PresenceTiming,
  ) {
    this.turns = new Repeating({
      everyMs: timing.sweepMs,
      retryMs: timing.sweepMs,
      work: () => this.sweep(),
      failed: (error) => this.log.warn(`Presence could not be swept: ${String(error)}`),
    });
  }

  start(): void {
    this.turns.start();
  }

  async stop(): Promise<void> {
    await this.turns.stop();
  }

  private async sweep(): Promise<void> {
    for (;;) {
      const { changes, deleted } = await this.database.transaction((db) => this.sweepBatch(db));
      await this.announcer.announce(changes);
      if (deleted < BATCH) break;
    }
    await this.announcer.recheck();
  }

  private async sweepBatch(db: EntityManager): Promise<Batch> {
    const { graceMs } = this.timing;
    const deadNodes = this.lease.judges ? await lockDeadNodes(db, graceMs) : [];
    const over = await deleteOverConnections(db, { deadNodes, graceMs, limit: BATCH });
    if (deadNodes.length > 0) await deleteNodes(db, deadNodes);
    if (over.length === 0) return { changes: new Map(), deleted: 0 };
    const lastSeen = latestOf(over);
    const changes = await settlePresence(db, [...lastSeen.keys()], graceMs);
    await this.users.touchLastSeen(db, lastSeen);
    return { changes, deleted: over.length };
  }
}

/** When each person was connected last. */
function latestOf(connections: readonly OverConnection[]): Map<string, Date> {
  const latest = new Map<string, Date>();
  for (const { userId, lastSeenAt } of connections) {
    const before = latest.get(userId);
    if (before === undefined || before < lastSeenAt) latest.set(userId, lastSeenAt);
  }
  return latest;
}
