import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../common/make-folder.js';
import { StartupError } from '../common/startup-error.js';
import type { Env } from './env.js';

/** The settings as the server uses them. Injected under this class as token. */
export abstract class Config {
  abstract readonly http: {
    readonly host: string;
    readonly port: number;
    readonly allowedOrigins: readonly string[];
    readonly trustProxyHops: number;
  };
  abstract readonly database: {
    /** Where PostgreSQL is, once it is known: given, or the embedded one after its start. */
    readonly url: string;
    readonly poolSize: number;
    readonly appendLanes: number;
  };
  abstract readonly redisUrl: string | null;
  abstract readonly fanOut: 'local' | 'redis' | 'postgres';
  abstract readonly auditMs: number;
  abstract readonly auth: {
    readonly secret: string;
    readonly accessTokenSeconds: number;
    readonly refreshTokenSeconds: number;
    readonly argon2: { readonly memoryKiB: number; readonly passes: number };
  };
  abstract readonly rateLimits: boolean;
  abstract readonly dataDir: string;
  abstract readonly production: boolean;
  abstract readonly logLevel: string;
  /** Where Prometheus finds what is measured; null when nothing is. */
  abstract readonly metricsPort: number | null;
  /** Where traces are sent; null when none are drawn. */
  abstract readonly tracesUrl: string | null;
}

const DAY_IN_SECONDS = 86_400;

/** Builds the typed settings; `databaseUrl` is where PostgreSQL was found or started. */
export function toConfig(env: Env, databaseUrl: string): Config {
  const dataDir = resolve(env.PARLEY_DATA_DIR);
  return {
    http: {
      host: env.HOST,
      port: env.PORT,
      allowedOrigins: env.PARLEY_ALLOWED_ORIGINS,
      trustProxyHops: env.PARLEY_TRUST_PROXY_HOPS,
    },
    database: { url: databaseUrl, poolSize: env.PARLEY_DATABASE_POOL, appendLanes: env.PARLEY_APPEND_LANES },
    redisUrl: env.REDIS_URL ?? null,
    fanOut: chooseFanOut(env),
    auditMs: env.PARLEY_AUDIT_SECONDS * 1_000,
    auth: {
      secret: env.PARLEY_JWT_SECRET ?? keptSecret(dataDir),
      accessTokenSeconds: env.PARLEY_ACCESS_TOKEN_SECONDS,
      refreshTokenSeconds: env.PARLEY_REFRESH_TOKEN_DAYS * DAY_IN_SECONDS,
      argon2: { memoryKiB: env.PARLEY_ARGON2_MEMORY_KIB, passes: env.PARLEY_ARGON2_PASSES },
    },
    rateLimits: env.PARLEY_RATE_LIMITS,
    dataDir,
    production: env.NODE_ENV === 'production',
    logLevel: env.PARLEY_LOG_LEVEL,
    metricsPort: env.PARLEY_METRICS_PORT ?? null,
    tracesUrl: env.PARLEY_TRACES_URL ?? null,
  };
}

function chooseFanOut(env: Env): Config['fanOut'] {
  if (env.PARLEY_FAN_OUT !== 'auto') return env.PARLEY_FAN_OUT;
  if (env.REDIS_URL !== undefined) return 'redis';
  return env.DATABASE_URL === undefined ? 'local' : 'postgres';
}

/** The secret in the data folder, made at the first start and readable by its owner only. */
function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'jwt-secret');
  try {
    if (!existsSync(file)) makeSecret(file);
    chmodSync(file, 0o600);
    const secret = readFileSync(file, 'utf8').trim();
    if (Buffer.byteLength(secret) >= 32) return secret;
  } catch (error) {
    throw new StartupError(`The secret in ${file} cannot be made or read: ${(error as Error).message}`);
  }
  throw new StartupError(`${file} holds fewer than 32 bytes: remove it to have a new one made`);
}

/**
 * Writes beside the file and then gives the finished one its name: a crash leaves no half a secret,
 * and of several servers that start at once the first one's secret counts for all.
 */
function makeSecret(file: string): void {
  makeFolder(dirname(file));
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
