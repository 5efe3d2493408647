import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { Pools } from '../database/pools.js';
import type { Upkeep } from '../database/upkeep.js';

const OLDEST_SQL = `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS seconds
  FROM outbox`;

/** What is looked up when Prometheus asks: the pools, and how old the oldest fact is that nobody published yet. */
export function addDatabaseGauges(registry: Registry, dataSource: DataSource, upkeep: Upkeep, pools: Pools): void {
  const all: Record<string, Pool> = {
    requests: poolOf(dataSource),
    upkeep: poolOf(upkeep),
    messages: pools.messaging,
    'locked-messages': pools.lockedMessaging,
    health: pools.health,
  };
  new Gauge({
    name: 'parley_pool_connections',
    help: 'Connections to PostgreSQL by pool: busy, idle, and how many wait for one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries(all)) {
        this.set({ pool, state: 'busy' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  });
  new Gauge({
    name: 'parley_outbox_oldest_seconds',
    help: 'Age of the oldest committed fact that is still to be published; NaN while PostgreSQL does not say',
    registers: [registry],
    async collect() {
      const answer = await pools.health.query<{ seconds: number }>(OLDEST_SQL).catch(() => null);
      this.set(answer?.rows[0]?.seconds ?? Number.NaN);
    },
  });
}

/** TypeORM keeps its pool where its types do not show it. */
function poolOf({ driver }: DataSource): Pool {
  return (driver as unknown as { master: Pool }).master;
}
