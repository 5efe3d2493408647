import type { HealthView } from '@parley/contracts';
import { Client } from 'pg';
import { DrainService } from '../../apps/server/src/health/drain.service.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/start-app.js';

async function health(server: RunningApp, path = ''): Promise<{ status: number; view: HealthView }> {
  const answer = await fetch(`${server.url}/health${path}`);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return { status: answer.status, view: (await answer.json()) as HealthView };
}

const WELL = { status: 200, view: { status: 'ok' } };

describe('the health of a server', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });

  afterAll(() => server.close());

  it.each(['', '/live', '/ready'])('is told at /health%s without a token', async (path) => {
    expect(await health(server, path)).toEqual(WELL);
  });

  it('is asked of the database over one connection, however many ask', async () => {
    await Promise.all(Array.from({ length: 50 }, () => health(server, '/ready')));
    const client = new Client({ connectionString: server.databaseUrl });
    await client.connect();
    const { rowCount } = await client
      .query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parley-health'")
      .finally(() => client.end());
    expect(rowCount).toBe(1);
  });
});

describe('a server whose database is away', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let server: RunningApp;

  beforeAll(async () => {
    database = await createDatabase();
    const url = new URL(database.url);
    proxy = await CuttingProxy.to(url.hostname, Number(url.port));
    url.hostname = '127.0.0.1';
    url.port = String(proxy.localPort);
    server = await startApp({ databaseUrl: url.href });
  });

  afterAll(async () => {
    // First the connections that were silenced, so that nothing waits for their answers.
    await proxy.close();
    await server.close();
    await database.drop();
  });

  it('lives, but is not ready until the database is back', async () => {
    expect(await health(server, '/ready')).toEqual(WELL);
    proxy.cutAnswers();
    await eventually(async () => {
      expect(await health(server, '/ready')).toEqual({ status: 503, view: { status: 'unavailable' } });
    });
    expect(await health(server, '/live')).toEqual(WELL);
    expect(await health(server)).toEqual(WELL);
    proxy.heal();
    await eventually(async () => expect(await health(server, '/ready')).toEqual(WELL));
  });

  it('says so and does not wait when the database is silent', async () => {
    expect(await health(server, '/ready')).toEqual(WELL);
    proxy.silence();
    expect(await health(server, '/ready')).toEqual({ status: 503, view: { status: 'unavailable' } });
    await eventually(async () => expect(await health(server, '/ready')).toEqual(WELL));
  });
});

describe('a draining server', () => {
  it('is not ready any more, but lives and answers', async () => {
    const server = await startApp();
    try {
      await server.app.get(DrainService).drain();
      expect(await health(server, '/ready')).toEqual({ status: 503, view: { status: 'draining' } });
      expect(await health(server, '/live')).toEqual(WELL);
      expect(await health(server)).toEqual(WELL);
    } finally {
      await server.close();
    }
  });
});
