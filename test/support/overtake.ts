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
      const { rows } = await other.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rows).toHaveLength(1);
    });
    await other.query(change, [id]);
    await other.query('COMMIT');
    return (await outcome)[0];
  } finally {
    await other.end();
  }
}
