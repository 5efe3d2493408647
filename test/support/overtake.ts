import { Client } from 'pg';
import { eventually } from './eventually.js';

/** What another connection does to the row of `id` while somebody waits for it. */
export interface Overtaking {
  databaseUrl: string;
  id: string;
  /** Locks what `work` needs; `$1`, if it is there, is the id. */
  lock: string;
  /** Changes it, once `work` waits for the lock; `$1` is the id. */
  change: string;
}

/**
 * Those who wait for what this connection holds. Not `pg_stat_activity`: a transaction goes on seeing
 * the connections that were there when it looked first, so it never sees who waits on a later one.
 */
const WAITING = 'SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))';

/** Starts `work`, lets another transaction overtake it while it waits for a lock, and gives its outcome. */
export async function overtake<T>(
  { databaseUrl, id, lock, change }: Overtaking,
  work: () => Promise<T>,
): Promise<PromiseSettledResult<T>> {
  const other = new Client({ connectionString: databaseUrl });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query(lock, lock.includes('$1') ? [id] : []);
    const outcome = Promise.allSettled([work()]);
    await eventually(async () => {
      const { rowCount } = await other.query(WAITING);
      expect(rowCount).toBe(1);
    });
    await other.query(change, [id]);
    await other.query('COMMIT');
    return (await outcome)[0];
  } finally {
    await other.end();
  }
}
