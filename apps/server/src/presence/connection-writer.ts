import { Injectable, Logger } from '@nestjs/common';
import type { PresenceState } from '@parley/contracts';
import { type EntityManager } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { OccasionalLog } from '../common/occasional-log.js';
import { Upkeep } from '../database/upkeep.js';
import { NodeLease } from './leases.js';
import { PresenceAnnouncer } from './presence-announcer.js';
import { settlePresence } from './presence-changes.js';
import { endConnections, holdNode, upsertConnections, type ConnectionRow } from './presence.queries.js';
import { PresenceTiming } from './presence.timing.js';

/** Few enough that PostgreSQL looks people up by index, however many connections there are. */
const BATCH = 250;
const RETRY_MS = 1_000;

interface LocalConnection {
  readonly actor: Actor;
  state: Exclude<PresenceState, 'offline'>;
  /** Whether the database may know of it. */
  written: boolean;
}

/**
 * This node's connections, and their way into the database: what happens within a few milliseconds
 * is written in one transaction and announced after it.
 *
 * It never throws into its callers and never makes them wait. While the database cannot be reached
 * it keeps what has to be written, which is bounded by the connections that there are and those that
 * there were when the trouble began: a connection that comes and goes in between leaves nothing.
 * Covered by `presence.int-spec.ts` and `leases.int-spec.ts`.
 */
@Injectable()
export class ConnectionWriter {
  private readonly log = new OccasionalLog(new Logger(ConnectionWriter.name));
  private readonly connections = new Map<string, LocalConnection>();
  private readonly changed = new Set<string>();
  private readonly ended = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly database: Upkeep,
    private readonly lease: NodeLease,
    private readonly announcer: PresenceAnnouncer,
    private readonly timing: PresenceTiming,
  ) {}

  open(connectionId: string, actor: Actor): void {
    this.connections.set(connectionId, { actor, state: 'active', written: false });
    this.changed.add(connectionId);
    this.schedule(this.timing.batchMs);
  }

  setState(connectionId: string, state: LocalConnection['state']): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined || connection.state === state) return;
    connection.state = state;
    this.changed.add(connectionId);
    this.schedule(this.timing.batchMs);
  }

  close(connectionId: string): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return;
    this.connections.delete(connectionId);
    this.changed.delete(connectionId);
    if (!connection.written) return;
    this.ended.add(connectionId);
    this.schedule(this.timing.batchMs);
  }

  /** Writes every connection again: the node has a new lease, and what was under the old one ends with it. */
  rewriteAll(): void {
    this.ended.clear();
    for (const connectionId of this.connections.keys()) this.changed.add(connectionId);
    this.schedule(0);
  }

  /** Writes nothing any more; waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.turn;
  }

  private schedule(pauseMs: number): void {
    const nothing = this.changed.size === 0 && this.ended.size === 0;
    if (nothing || this.stopped || this.timer !== undefined || this.lease.bootId === null) return;
    this.timer = setTimeout(() => {
      this.turn = this.takeTurn();
    }, pauseMs).unref();
  }

  private async takeTurn(): Promise<void> {
    let pauseMs: number;
    try {
      await this.write();
      // Worth waiting for more, unless enough for another write waits already.
      pauseMs = this.changed.size + this.ended.size < BATCH ? this.timing.restMs : this.timing.batchMs;
    } catch (error) {
      this.log.warn(`Presence could not be written: ${String(error)}`);
      pauseMs = RETRY_MS;
    }
    this.timer = undefined;
    this.schedule(pauseMs);
  }

  private async write(): Promise<void> {
    const bootId = this.lease.bootId;
    if (bootId === null) return;
    const opened = this.takeChanged();
    const ended = take(this.ended, BATCH);
    try {
      const changes = await this.database.transaction((db) => this.writeBatch(db, bootId, opened, ended));
      await this.announcer.announce(changes);
    } catch (error) {
      for (const { connectionId } of opened) if (this.connections.has(connectionId)) this.changed.add(connectionId);
      for (const connectionId of ended) this.ended.add(connectionId);
      throw error;
    }
  }

  private async writeBatch(
    db: EntityManager,
    bootId: string,
    opened: readonly ConnectionRow[],
    ended: readonly string[],
  ) {
    if (!(await holdNode(db, bootId))) throw new Error('the lease of this node is gone');
    if (ended.length > 0) await endConnections(db, bootId, ended);
    if (opened.length === 0) return new Map<string, PresenceState>();
    await upsertConnections(db, bootId, opened);
    const people = new Set(opened.map((connection) => connection.userId));
    return settlePresence(db, [...people], this.timing.graceMs);
  }

  private takeChanged(): ConnectionRow[] {
    const rows: ConnectionRow[] = [];
    for (const connectionId of take(this.changed, BATCH)) {
      const connection = this.connections.get(connectionId);
      if (connection === undefined) continue;
      connection.written = true;
      rows.push({ connectionId, ...connection.actor, state: connection.state });
    }
    return rows;
  }
}

/** Removes up to `count` items from a set and returns them. */
function take(items: Set<string>, count: number): string[] {
  const taken: string[] = [];
  for (const item of items) {
    if (taken.length === count) break;
    items.delete(item);
    taken.push(item);
  }
  return taken;
}
