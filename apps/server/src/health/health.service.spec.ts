import { Pool } from 'pg';
import type { Pools } from '../database/pools.js';
import { DrainService } from './drain.service.js';
import { HealthService } from './health.service.js';

describe('HealthService', () => {
  // Nobody listens there: whoever asked this database would be told "unavailable".
  const health = new Pool({ connectionString: 'postgres://127.0.0.1:1/nowhere' });
  const pools = { health } as Pools;

  afterAll(() => health.end());

  it('is starting until the application is up', async () => {
    const service = new HealthService(pools, new DrainService());
    expect(await service.getReadiness()).toEqual({ status: 'starting' });
    service.onApplicationBootstrap();
    expect(await service.getReadiness()).toEqual({ status: 'unavailable' });
  });

  it('is draining from the first moment of the drain, whatever else holds', async () => {
    const drain = new DrainService();
    const service = new HealthService(pools, drain);
    void drain.drain();
    expect(await service.getReadiness()).toEqual({ status: 'draining' });
  });
});
