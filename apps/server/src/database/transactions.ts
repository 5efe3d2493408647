import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import type { Fact } from '../events/fact.js';
import { isConnectionLost, isRetryable, toDomainError } from './database-errors.js';
import { Outbox, toEntry } from './outbox.js';
import { connectionOf, discard } from './query-runners.js';

/** No try begins later than this after the first: whoever asked is still waiting for the answer. */
const TRY_AGAIN_WITHIN_MS = 2_000;
const ATTEMPTS_MAX = 8;
const PAUSE_MS = 20;

/** How long to ask what became of a COMMIT whose connection broke. */
const ASK_WITHIN_MS = 3_000;
const ASK_EVERY_MS = 100;

/** An open transaction. Everything that belongs to it goes through it; there is no ambient one. */
export class Tx {
  /** @internal */
  readonly facts: Fact[] = [];

  /** @internal */
  constructor(private readonly runner: QueryRunner) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Runs SQL with `$1`-style parameters and returns its rows, those of `RETURNING` too. */
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { records } = await this.runner.query(sql, [...parameters], true);
    return records as Row[];
  }

  /** Notes what is to be made known if, and only if, this transaction commits. */
  record(...facts: Fact[]): void {
    this.facts.push(...facts);
  }
}

/** A row of the outbox, and the name by which PostgreSQL knows the transaction that wrote it. */
interface Stored {
  readonly outboxId: string;
  readonly transactionId: string;
}

/**
 * Runs a write and makes known what it did.
 *
 * Guarantee: the facts that `work` records are stored with what it writes, in one commit, and
 * published after it; if the process dies in between, the outbox sweep of any node publishes them.
 *
 * `work` may run several times (serialization failure, deadlock, a connection that broke before the
 * commit), so it must not have effects outside the transaction. When the connection breaks during
 * COMMIT, PostgreSQL is asked afterwards what became of the transaction. Accepted: if it stays
 * unreachable, or the transaction recorded no facts, nobody knows, and the answer is
 * `outcome_unknown`. Covered by `transactions.int-spec.ts`.
 */
@Injectable()
export class Transactions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Runs `work` in a transaction (READ COMMITTED) and publishes its facts after the commit.
   * @throws what `work` throws; DomainError `service_unavailable`, `outcome_unknown`
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const deadline = performance.now() + TRY_AGAIN_WITHIN_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        const undone = isRetryable(error) || isConnectionLost(error);
        if (!undone || attempt === ATTEMPTS_MAX || performance.now() > deadline) throw toDomainError(error);
        // At random, so that two that collided do not meet again.
        await delay(attempt * PAUSE_MS * (0.5 + Math.random()));
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const tx = new Tx(runner);
      const result = await work(tx);
      const stored = await store(tx);
      await this.commit(runner, stored);
      if (stored !== null) this.outbox.publish(stored.outboxId, tx.facts);
      return result;
    } catch (error) {
      await undo(runner, error);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Returns when the transaction is committed; throws what made it fail when it is undone. */
  private async commit(runner: QueryRunner, stored: Stored | null): Promise<void> {
    const client = await connectionOf(runner);
    try {
      const { command } = await client.query('COMMIT');
      // NOTE: what PostgreSQL answers when a statement failed and `work` caught and dropped its error.
      if (command === 'ROLLBACK')
        throw new Error('A failed statement undid the transaction, and its error was ignored');
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      await discard(runner);
      if (!(await this.wasCommitted(stored))) throw error;
    }
  }

  private async wasCommitted(stored: Stored | null): Promise<boolean> {
    const deadline = performance.now() + ASK_WITHIN_MS;
    while (stored !== null && performance.now() < deadline) {
      const status = await this.askStatus(stored.transactionId).catch(() => null);
      if (status === 'committed') return true;
      if (status === 'aborted') return false;
      await delay(ASK_EVERY_MS);
    }
    throw new DomainError('outcome_unknown', 'The connection to the database broke during the commit', {
      retryInMs: 1_000,
    });
  }

  private async askStatus(transactionId: string): Promise<string | null> {
    const rows: { status: string | null }[] = await this.dataSource.query('SELECT pg_xact_status($1::xid8) AS status', [
      transactionId,
    ]);
    return rows[0]?.status ?? null;
  }
}

async function store(tx: Tx): Promise<Stored | null> {
  if (tx.facts.length === 0) return null;
  const outboxId = newId();
  const [row] = await tx.query<{ transaction_id: string }>(
    'INSERT INTO outbox (id, facts) VALUES ($1, $2) RETURNING pg_current_xact_id()::text AS transaction_id',
    [outboxId, JSON.stringify(tx.facts.map(toEntry))],
  );
  if (row === undefined) throw new Error('The insert into the outbox returned no row');
  return { outboxId, transactionId: row.transaction_id };
}

async function undo(runner: QueryRunner, error: unknown): Promise<void> {
  if (isConnectionLost(error)) return discard(runner);
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => discard(runner));
}
