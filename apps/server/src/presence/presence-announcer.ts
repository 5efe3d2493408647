import { Injectable } from '@nestjs/common';
import { Upkeep } from '../database/upkeep.js';
import type { PresenceState, PresenceView } from '@parley/contracts';
import type { Change } from '../events/fact.js';
import { FactBus } from '../events/fact-bus.js';
import { UsersAccess } from '../users/users.access.js';
import { toPresenceViews, type PresenceChanges } from './presence-changes.js';
import { findTold } from './presence.queries.js';

/** What this node told about people: the state, or that it is about to, or that it failed to. */
type Announced = Map<string, PresenceState | 'telling' | 'untold'>;

/**
 * Tells the watchers of people what changed.
 *
 * Presence goes straight to the bus, without the outbox: it is state, and the next change repairs
 * it. Only the last change must not be wrong. Two nodes that change one person right after each
 * other commit in order but may be heard in the other, so each looks again a moment later at what
 * was told last, and repeats it when that is not what it said. Covered by `presence.int-spec.ts`.
 */
@Injectable()
export class PresenceAnnouncer {
  private fresh: Announced = new Map();
  private settled: Announced = new Map();

  constructor(
    private readonly database: Upkeep,
    private readonly bus: FactBus,
    private readonly users: UsersAccess,
  ) {}

  /** Publishes committed changes. When this rejects, {@link recheck} publishes them later. */
  async announce(changes: PresenceChanges): Promise<void> {
    this.note(changes.keys(), () => 'telling');
    try {
      const views = await toPresenceViews(this.database.manager, this.users, changes);
      this.bus.publish(views.map(toChange));
      this.note(changes.keys(), (userId) => changes.get(userId) ?? 'offline');
    } catch (error) {
      this.note(changes.keys(), () => 'untold');
      throw error;
    }
  }

  /** Looks again at what was announced before the previous call. */
  async recheck(): Promise<void> {
    const announced = this.settled;
    this.settled = this.fresh;
    this.fresh = new Map();
    if (announced.size === 0) return;
    try {
      const told = await findTold(this.database.manager, [...announced.keys()]);
      const changes = new Map<string, PresenceState>();
      for (const [userId, before] of announced) {
        const now = told.get(userId) ?? 'offline';
        if (this.isNewer(userId)) continue;
        if (before === 'telling') this.settled.set(userId, before);
        else if (before !== now) changes.set(userId, now);
      }
      await this.announce(changes);
    } catch (error) {
      for (const userId of announced.keys()) if (!this.isNewer(userId)) this.settled.set(userId, 'untold');
      throw error;
    }
  }

  private note(userIds: Iterable<string>, what: (userId: string) => PresenceState | 'telling' | 'untold'): void {
    for (const userId of userIds) {
      this.settled.delete(userId);
      this.fresh.set(userId, what(userId));
    }
  }

  /** Whether something was announced about somebody since what is being looked at. */
  private isNewer(userId: string): boolean {
    return this.fresh.has(userId) || this.settled.has(userId);
  }
}

function toChange(payload: PresenceView): Change {
  return [{ type: 'presence:changed', audience: { watchersOf: payload.userId }, payload }];
}
