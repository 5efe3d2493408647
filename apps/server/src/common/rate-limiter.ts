import { isIPv6 } from 'node:net';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  RLWrapperTimeouts,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Config } from '../config/config.js';
import { DomainError } from './domain-error.js';
import { RATE_LIMITS, type RateLimitName } from './rate-limits.js';

const REDIS_ANSWERS_WITHIN_MS = 250;
/** One for all: two are waited for with each command. */
const UNLIMITED = Promise.resolve();

/**
 * Counts what each person and address asks for, and refuses the excess. What counts as too much is
 * in `rate-limits.ts`; who is counted is the caller's choice of `key`.
 *
 * With Redis the limits of scope `cluster` are counted there, so that more nodes do not mean more
 * guesses. While Redis is away or slow, each node counts for itself: a limiter that fails must
 * neither open the door nor close it.
 */
export class RateLimiter implements OnApplicationShutdown {
  private readonly limiters = new Map<RateLimitName, RateLimiterAbstract>();

  private constructor(
    { rateLimits }: Config,
    private readonly redis: RedisClientType | null,
  ) {
    if (!rateLimits) return;
    for (const name of Object.keys(RATE_LIMITS) as RateLimitName[]) this.limiters.set(name, this.createLimiter(name));
  }

  static async create(config: Config): Promise<RateLimiter> {
    const { rateLimits, redisUrl } = config;
    return new RateLimiter(config, rateLimits && redisUrl !== null ? await connect(redisUrl) : null);
  }

  /**
   * Counts one use of `limit` by `key`: a user id, a username or an address.
   * @throws DomainError `rate_limited`, with the time until the next use.
   */
  consume(limit: RateLimitName, key: string): Promise<void> {
    const limiter = this.limiters.get(limit);
    return limiter === undefined ? UNLIMITED : this.count(limiter, limit, key);
  }

  onApplicationShutdown(): void {
    if (this.redis?.isOpen === true) this.redis.destroy();
  }

  private async count(limiter: RateLimiterAbstract, limit: RateLimitName, key: string): Promise<void> {
    try {
      await limiter.consume(foldAddress(key));
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      const retryInMs = Math.max(1, Math.ceil(rejection.msBeforeNext));
      const { points, seconds } = RATE_LIMITS[limit];
      throw new DomainError('rate_limited', `Not more than ${points} in ${seconds} seconds`, { retryInMs });
    }
  }

  private createLimiter(name: RateLimitName): RateLimiterAbstract {
    const { points, seconds, scope } = RATE_LIMITS[name];
    const options = { keyPrefix: `parley:limit:${name}`, points, duration: seconds };
    const local = new RateLimiterMemory(options);
    if (this.redis === null || scope === 'node') return local;
    const shared = new RateLimiterRedis({
      ...options,
      storeClient: this.redis,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      // Somebody who is over the limit is refused from memory, without asking Redis each time.
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: local,
    });
    return new RLWrapperTimeouts({ limiter: shared, timeoutMs: REDIS_ANSWERS_WITHIN_MS });
  }
}

/** Connects in the background, again and again: neither the start nor a request waits for Redis. */
async function connect(url: string): Promise<RedisClientType> {
  // Loaded only where it is used: it is a quarter of everything that a server has to load.
  const { createClient } = await import('@redis/client');
  const logger = new Logger(RateLimiter.name);
  const client: RedisClientType = createClient({ url, disableOfflineQueue: true });
  let reachable = true;
  client.on('ready', () => {
    if (!reachable) logger.log('Redis is back: rate limits are shared again');
    reachable = true;
  });
  client.on('error', (error: Error) => {
    if (reachable) logger.warn(`Redis is away, each node counts for itself: ${error.message}`);
    reachable = false;
  });
  client.connect().catch(() => undefined);
  return client;
}

/** One subscriber has a whole IPv6 /64, so that is what counts as one address. */
function foldAddress(key: string): string {
  if (!isIPv6(key)) return key;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(key);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = key.split('::');
  const groups = head === '' ? [] : head.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const full = [...groups, ...Array<string>(zeros).fill('0'), ...(tail ?? '').split(':')];
  return full
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
