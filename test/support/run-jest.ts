import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../apps/server/src/database/embedded/embedded-postgres.js';
import { migrate } from '../../apps/server/src/database/migrate.js';

/**
 * Runs Jest on a real PostgreSQL: the one at `DATABASE_URL`, or an embedded one in a temporary
 * folder that lives as long as the run. The newest schema is migrated once, into a template that
 * each test file copies. Nothing is touched that this run did not make.
 */
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

/** Every worker may start several servers, each with its pools. */
const MAX_CONNECTIONS = 400;

let running: ChildProcess | null = null;
let interrupted = false;

interface TestServer {
  url: string;
  stop(): Promise<void>;
}

async function main(): Promise<number> {
  takeDownOnSignals();
  const server = await openServer();
  try {
    const template = await createTemplate(server.url);
    try {
      return await runJest({ PARLEY_TEST_SERVER_URL: server.url, PARLEY_TEST_TEMPLATE: template });
    } finally {
      await onServer(server.url, `DROP DATABASE ${template} WITH (FORCE)`);
    }
  } finally {
    await server.stop();
  }
}

async function openServer(): Promise<TestServer> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'));
  // Started by root, PostgreSQL runs as somebody else, who must get there.
  chmodSync(dataDir, 0o755);
  const postgres = await EmbeddedPostgres.start({ dataDir, maxConnections: MAX_CONNECTIONS });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function createTemplate(serverUrl: string): Promise<string> {
  const template = `parley_template_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${template} TEMPLATE template0`);
  const url = new URL(serverUrl);
  url.pathname = `/${template}`;
  await migrate(url.href);
  return template;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** A signal ends Jest; what was started for it is taken down then, as after every run. */
function takeDownOnSignals(): void {
  // NOTE: a terminal sends SIGINT to Jest as well, which would stop at once on hearing it twice.
  process.on('SIGINT', () => (interrupted = true));
  process.on('SIGTERM', () => {
    interrupted = true;
    running?.kill('SIGTERM');
  });
}

function runJest(environment: Record<string, string>): Promise<number> {
  if (interrupted) return Promise.resolve(1);
  const { DATABASE_URL: _databaseUrl, REDIS_URL: redisUrl, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', jest, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...(redisUrl === undefined ? {} : { PARLEY_TEST_REDIS_URL: redisUrl }), ...inherited, ...environment },
    },
  );
  running = child;
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128 + constants.signals[signal])));
  });
}

process.exitCode = await main();
