import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SIGNALS } from '../common/signals.js';
import { TRACES } from '../common/tracing.js';
import { toChanges, type Change, type Fact } from '../events/fact.js';
import { FactBus } from '../events/fact-bus.js';
import { Upkeep } from './upkeep.js';

const UPKEEP_EVERY_MS = 200;
const SWEEP_EVERY_MS = 1_000;
const SWEEP_BATCH = 100;

/**
 * Numbers of a conversation whose changes are loaded when they are published, as they are by then.
 * Stored instead of facts that carry a text: it is written down once, and once deleted it is not told.
 */
export interface AppendedRange {
  type: 'appended';
  conversationId: string;
  fromSeq: number;
  toSeq: number;
}

export type OutboxEntry = Fact | AppendedRange;

interface OutboxRow {
  id: string;
  facts: OutboxEntry[];
}

/** What the outbox keeps of a fact: all of it, or where in its conversation to find it. */
export function toEntry(fact: Fact): OutboxEntry {
  if (fact.type !== 'message:changed') return fact;
  const { conversationId, seq } = fact.payload;
  return { type: 'appended', conversationId, fromSeq: seq, toSeq: seq };
}

/** Loads what {@link AppendedRange} stands for, as the messages are now. */
export type RangeLoader = (range: AppendedRange) => Promise<Change[]>;

/**
 * What has been committed and must still be made known.
 *
 * Guarantee: every committed fact is published at least once, even if the process dies right after
 * the commit. A writer stores one row in its own transaction, publishes after the commit and has the
 * row deleted a moment later; a row older than two seconds was left behind by a crash, and the sweep
 * of whichever node comes first publishes it. Accepted: the facts of a slow node may be published
 * twice, which positions make harmless. Covered by `outbox.int-spec.ts`.
 */
@Injectable()
export class Outbox implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(Outbox.name);
  /** Rows of which nothing is left to do but to delete them. */
  private readonly published: string[] = [];
  private loadRange: RangeLoader | null = null;
  private timer: NodeJS.Timeout | undefined;
  private upkeep: Promise<void> | null = null;
  private nextSweepAt = 0;
  private failing = false;

  constructor(
    private readonly database: Upkeep,
    private readonly bus: FactBus,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.keepUp(), UPKEEP_EVERY_MS).unref();
  }

  /** Runs when no request is left, and before the data source is destroyed. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** Publishes the facts of a committed transaction and forgets its row, soon. */
  publish(id: string, facts: readonly Fact[]): void {
    const changes = toChanges(facts);
    TRACES.cause(changes, TRACES.current);
    this.publishChanges(id, changes);
  }

  /**
   * The same for changes that are already apart. Never throws: what is committed has happened, and
   * what could not be published now is left to the sweep.
   */
  publishChanges(id: string, changes: readonly Change[]): void {
    try {
      this.bus.publish(changes);
      this.published.push(id);
    } catch (error) {
      this.logger.error('Committed facts could not be published', error);
    }
  }

  /** Registers who can load appended messages (the messages feature). */
  registerRangeLoader(loader: RangeLoader): void {
    this.loadRange = loader;
  }

  /** Deletes the rows of everything published so far. */
  async flush(): Promise<void> {
    await this.upkeep;
    await this.keepUp();
  }

  /** One piece of upkeep at a time, however slow the database is. */
  private keepUp(): Promise<void> {
    this.upkeep ??= this.work().finally(() => (this.upkeep = null));
    return this.upkeep;
  }

  private async work(): Promise<void> {
    try {
      await this.forget();
      if (performance.now() >= this.nextSweepAt) {
        this.nextSweepAt = performance.now() + SWEEP_EVERY_MS;
        await this.sweep();
      }
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn('The outbox cannot be kept up, trying again', error);
      this.failing = true;
    }
  }

  /** Publishes what a crash left behind. */
  private async sweep(): Promise<void> {
    for (;;) {
      const rows = await this.claim();
      if (rows.length > 0) {
        this.logger.warn(`Publishing ${rows.length} outbox rows that were left behind`);
        SIGNALS.leftBehind.tell({ rows: rows.length });
      }
      for (const row of rows) await this.publishAgain(row);
      await this.forget();
      if (rows.length < SWEEP_BATCH) return;
    }
  }

  /**
   * Takes rows that are due, oldest first, for as long as a crash would go unnoticed: should this
   * node die as well, they are due again. No lock is held while they are worked on, which needs
   * connections of its own.
   */
  private async claim(): Promise<OutboxRow[]> {
    const [rows]: [OutboxRow[], number] = await this.database.query(
      `UPDATE outbox SET due_at = clock_timestamp() + interval '2 seconds'
        WHERE id IN (SELECT id FROM outbox
                      WHERE due_at < clock_timestamp() AND id <> ALL ($1::uuid[])
                      ORDER BY id LIMIT ${SWEEP_BATCH} FOR UPDATE SKIP LOCKED)
        RETURNING id, facts`,
      [this.published],
    );
    // By the ids, which grow with time: UPDATE returns rows in any order.
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** One row that cannot be loaded does not keep the others from being published. */
  private async publishAgain({ id, facts }: OutboxRow): Promise<void> {
    try {
      this.publishChanges(id, await this.load(facts));
    } catch (error) {
      this.logger.error(`Outbox row ${id} cannot be loaded`, error);
    }
  }

  private async load(entries: readonly OutboxEntry[]): Promise<Change[]> {
    const facts: Fact[] = [];
    const changes: Change[] = [];
    for (const entry of entries) {
      if (entry.type !== 'appended') facts.push(entry);
      else if (this.loadRange !== null) changes.push(...(await this.loadRange(entry)));
      else throw new Error('Nobody has registered to load appended messages');
    }
    return [...changes, ...toChanges(facts)];
  }

  private async forget(): Promise<void> {
    const ids = [...this.published];
    if (ids.length === 0) return;
    await this.database.query('DELETE FROM outbox WHERE id = ANY ($1::uuid[])', [ids]);
    this.published.splice(0, ids.length);
  }
}
