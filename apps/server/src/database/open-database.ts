import { setTimeout as delay } from 'node:timers/promises';
import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { StartupError } from '../common/startup-error.js';
import type { Env } from '../config/env.js';
import { isConnectionLost } from './database-errors.js';
import { DataFolderInUseError, DataFolderLock } from './embedded/data-folder-lock.js';
import { EmbeddedPostgres, findRunning } from './embedded/embedded-postgres.js';

/** A PostgreSQL that takes connections. */
export interface OpenDatabase {
  readonly url: string;
  /** What it is, for people; without the password. */
  readonly description: string;
  close(): Promise<void>;
}

/** Connections that are none of the pool's: migrations, fan-out, health, and a person looking around. */
const FURTHER_CONNECTIONS = 30;

const WAIT_FOR_EXTERNAL_MS = 30_000;
const RETRY_EVERY_MS = 500;

/**
 * Opens the external PostgreSQL of `DATABASE_URL`, or starts the embedded one in the data folder.
 * Waits for an external one no longer than until `ending` is aborted.
 * @throws StartupError when another server uses the folder, or the external one cannot be reached.
 */
export function openDatabase(env: Env, ending: AbortSignal): Promise<OpenDatabase> {
  return env.DATABASE_URL === undefined ? startEmbedded(env) : reachExternal(env.DATABASE_URL, ending);
}

/**
 * The same for a program that works beside the server: when that has the embedded one running, this uses
 * it too, and leaves it running.
 * @throws StartupError
 */
export async function openDatabaseBeside(env: Env, ending: AbortSignal): Promise<OpenDatabase> {
  try {
    return await openDatabase(env, ending);
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    return reachExternal(await findRunning(resolve(env.PARLEY_DATA_DIR)), ending);
  }
}

async function startEmbedded(env: Env): Promise<OpenDatabase> {
  const dataDir = resolve(env.PARLEY_DATA_DIR);
  const lock = DataFolderLock.acquire(dataDir);
  const maxConnections = env.PARLEY_DATABASE_POOL + env.PARLEY_APPEND_LANES + FURTHER_CONNECTIONS;
  const postgres = await EmbeddedPostgres.start({ dataDir, maxConnections });
  return {
    url: postgres.url,
    description: 'embedded PostgreSQL in the data folder',
    close: async () => {
      await postgres.stop();
      lock.release();
    },
  };
}

/** Waits a while for a database that is itself just starting, as in a set of containers. */
async function reachExternal(url: string, ending: AbortSignal): Promise<OpenDatabase> {
  const description = describeUrl(url);
  const deadline = performance.now() + WAIT_FOR_EXTERNAL_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connectOnce(url);
      return { url, description, close: () => Promise.resolve() };
    } catch (error) {
      const reason =
        error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
      if (!isConnectionLost(error) || performance.now() > deadline) {
        throw new StartupError(`Cannot open the database ${description}: ${reason}`);
      }
      if (attempt === 1) new Logger('PostgreSQL').warn(`Waiting for the database ${description}: ${reason}`);
      await delay(RETRY_EVERY_MS, undefined, { signal: ending });
    }
  }
}

async function connectOnce(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    // The modules of the server are loaded meanwhile; on a busy machine nothing else is heard for seconds.
    connectionTimeoutMillis: 10_000,
    application_name: 'parley-start',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The address with the user, and without the password and the options. */
function describeUrl(text: string): string {
  if (!URL.canParse(text)) return 'at DATABASE_URL';
  const { protocol, username, host, pathname } = new URL(text);
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
}
