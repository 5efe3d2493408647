import { Injectable, Logger } from '@nestjs/common';
import { newId } from '../common/id.js';
import { OccasionalLog } from '../common/occasional-log.js';
import { Upkeep } from '../database/upkeep.js';
import { endNode, insertNode, renewNode } from './presence.queries.js';
import { PresenceTiming } from './presence.timing.js';
import { Repeating } from './repeating.js';

const RETRY_MS = 1_000;

/**
 * This node's lease: the proof, kept in the database, that its connections are alive.
 *
 * Guarantee: when the process dies, its connections count no longer than the lease and the grace
 * period after it, whoever is left to look. A node that could not renew for so long that others may
 * have buried it does not come back under the same boot id, but as a new node that registers all its
 * connections anew; so nobody ever has to tell half-cleared connections from good ones. Covered by
 * `leases.int-spec.ts`.
 */
@Injectable()
export class NodeLease {
  private readonly log = new OccasionalLog(new Logger(NodeLease.name));
  private readonly upkeep: Repeating;
  private currentBootId: string | null = null;
  private renewedAt = -Infinity;
  private judgesFrom = 0;
  private taken: () => void = () => undefined;

  constructor(
    private readonly database: Upkeep,
    private readonly timing: PresenceTiming,
  ) {
    this.upkeep = new Repeating({
      everyMs: timing.renewMs,
      retryMs: Math.min(timing.renewMs, RETRY_MS),
      work: () => this.renew(),
      failed: (error) => this.log.warn(`The lease of this node could not be renewed: ${String(error)}`),
    });
  }

  /** The node under which connections are registered; null before the first lease. */
  get bootId(): string | null {
    return this.currentBootId;
  }

  /**
   * Whether this node may take others for dead. One whose own lease ran out was probably cut off
   * together with them; once it has a new one it first gives them the time to renew theirs.
   */
  get judges(): boolean {
    const now = performance.now();
    return now - this.renewedAt < this.timing.leaseMs && now >= this.judgesFrom;
  }

  /** Begins to hold a lease. `taken` is called for each new one: nothing is registered under it yet. */
  start(taken: () => void): void {
    this.taken = taken;
    this.upkeep.start();
  }

  /** Ends the lease and the connections under it now, so that their grace period begins. */
  async giveUp(): Promise<void> {
    await this.upkeep.stop();
    const bootId = this.currentBootId;
    this.currentBootId = null;
    if (bootId === null) return;
    await this.database.transaction((db) => endNode(db, bootId));
  }

  private async renew(): Promise<void> {
    const now = performance.now();
    const lost = this.currentBootId;
    if (lost === null || !(await renewNode(this.database.manager, lost, this.timing))) {
      await this.take();
      if (lost !== null) this.judgesFrom = performance.now() + this.timing.renewMs;
    }
    this.renewedAt = now;
  }

  private async take(): Promise<void> {
    const bootId = newId();
    await insertNode(this.database.manager, bootId, this.timing.leaseMs);
    this.currentBootId = bootId;
    this.taken();
  }
}
