import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { isConnectionLost } from './database-errors.js';
import { discard } from './query-runners.js';

/** What the planner may not do in a snapshot: it would be a good idea only for much of a table at once. */
const FORBIDDEN = ['bitmapscan', 'hashjoin', 'mergejoin', 'seqscan'];

/** In one statement, as far as the network is concerned: each of its own would be a way there and back. */
export const BEGIN_SNAPSHOT = [
  'START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
  ...FORBIDDEN.map((method) => `SET LOCAL enable_${method} = off`),
].join('; ');

/**
 * Reads several things as they were at one moment. Checking first and reading a moment later would
 * show somebody who is removed in between what came after the removal.
 *
 * Everything in it is looked up by a key, a row at a time in the order of an index, and the planner is told
 * so. Left to itself it reads a small table as a whole, or collects a conversation in a bitmap to find its
 * latest messages; and what it has prepared while tables were small it goes on doing when they are large.
 */
export async function readSnapshot<T>(dataSource: DataSource, read: (db: EntityManager) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(BEGIN_SNAPSHOT);
    const found = await read(runner.manager);
    await runner.query('COMMIT');
    return found;
  } catch (error) {
    await leave(runner, error);
    throw error;
  } finally {
    await runner.release();
  }
}

async function leave(runner: QueryRunner, error: unknown): Promise<void> {
  if (isConnectionLost(error)) return discard(runner);
  await runner.query('ROLLBACK').catch(() => discard(runner));
}
