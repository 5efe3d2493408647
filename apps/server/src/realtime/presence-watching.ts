import { Injectable, Logger } from '@nestjs/common';
import { LIMITS, type PresenceView } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';
import { PresenceService } from '../presence/presence.service.js';
import type { Connection } from './connection.js';
import { Rooms } from './rooms.js';

/** A watch that is being answered, and what its socket has been told since it began; null: that they must not see. */
interface Answering {
  readonly connection: Connection;
  readonly told: Map<string, PresenceView | null>;
}

/**
 * Whose presence each socket of this node watches. Who may watch whom is decided in presence; here it
 * is kept true when people stop sharing a conversation, or one blocks the other.
 *
 * Guarantee: what a socket hears last about somebody, be it an answer or a fact, is how they are. A
 * change that is told between the reading of a state and its answer stands in the answer. Covered by
 * `presence.e2e-spec.ts`.
 */
@Injectable()
export class PresenceWatching {
  private readonly logger = new Logger(PresenceWatching.name);
  /** Grows with every recheck, so that a watch that overlaps with one is checked again. */
  private rechecks = 0;
  private readonly answering = new Set<Answering>();

  constructor(
    private readonly rooms: Rooms,
    private readonly presence: PresenceService,
  ) {}

  /**
   * Watches those of `userIds` whom this person may see, and returns their presence.
   * @throws DomainError `validation_failed` when the socket would watch too many
   */
  async watch(connection: Connection, userIds: readonly string[]): Promise<PresenceView[]> {
    const others = [...(connection.watched ?? [])].filter((userId) => !userIds.includes(userId));
    if (others.length + userIds.length > LIMITS.presenceWatchMax) throw tooMany();
    const before = this.rechecks;
    const answering: Answering = { connection, told: new Map() };
    this.answering.add(answering);
    try {
      const { items } = await this.presence.watch(connection.actor, userIds, (visible) => {
        if (!connection.ending) this.rooms.watch(connection, visible);
      });
      if (before !== this.rechecks) void this.recheckPerson(connection.actor.userId);
      return upToDate(items, answering.told);
    } finally {
      this.answering.delete(answering);
    }
  }

  unwatch(connection: Connection, userIds: readonly string[]): void {
    this.rooms.unwatch(connection, userIds);
  }

  /** Those who watch this person have been told how they are. */
  hear(view: PresenceView): void {
    for (const { connection, told } of this.answering) {
      if (connection.watched?.has(view.userId) === true) told.set(view.userId, view);
    }
  }

  /** These connections must not see this person any more: there is a block between them. */
  hide(connections: readonly Connection[], userId: string): void {
    this.rechecks += 1;
    for (const { connection, told } of this.answering) if (connections.includes(connection)) told.set(userId, null);
    for (const connection of connections) this.rooms.unwatch(connection, [userId]);
  }

  /** These people left a conversation: ends what they watch, and who watches them, on its account. */
  recheck(userIds: readonly string[]): void {
    this.rechecks += 1;
    for (const userId of userIds) void this.recheckPerson(userId);
  }

  /**
   * One question for all who watch this person and all whom they watch: whether two people see each
   * other is the same for both.
   */
  private async recheckPerson(userId: string): Promise<void> {
    const watching = this.rooms.ofUser(userId).map(({ data }) => data);
    const watchers = this.rooms.watchersOf(userId).map(({ data }) => data);
    const others = new Set(watching.flatMap(({ watched }) => [...(watched ?? [])]));
    for (const watcher of watchers) others.add(watcher.actor.userId);
    if (others.size === 0) return;
    const hidden = await this.findHidden(userId, [...others]);
    for (const connection of watching) this.rooms.unwatch(connection, hidden);
    for (const watcher of watchers) if (hidden.has(watcher.actor.userId)) this.rooms.unwatch(watcher, [userId]);
  }

  /** When it cannot be checked, the watching ends: a client may ask again, a leak cannot be undone. */
  private async findHidden(userId: string, others: readonly string[]): Promise<Set<string>> {
    const hidden = new Set(others);
    try {
      for (const visible of await this.presence.filterVisible({ userId }, others)) hidden.delete(visible);
    } catch (error) {
      this.logger.warn(`Watching could not be checked: ${error instanceof Error ? error.message : String(error)}`);
    }
    return hidden;
  }
}

/** Puts what was told meanwhile in the place of what was read before it. */
function upToDate(items: readonly PresenceView[], told: Answering['told']): PresenceView[] {
  return items.flatMap((item) => told.get(item.userId) ?? (told.has(item.userId) ? [] : item));
}

function tooMany(): DomainError {
  const message = `must not make it more than ${LIMITS.presenceWatchMax} people in all`;
  return new DomainError('validation_failed', `userIds ${message}`, { errors: [{ path: 'userIds', message }] });
}
