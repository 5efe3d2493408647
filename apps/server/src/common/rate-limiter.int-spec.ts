import { randomUUID } from 'node:crypto';
import { testConfig } from '../../../../test/support/config.js';
import { eventually } from '../../../../test/support/eventually.js';
import { RateLimiter } from './rate-limiter.js';
import { RATE_LIMITS } from './rate-limits.js';

const redisUrl = process.env['PARLEY_TEST_REDIS_URL'];
if (redisUrl === undefined) console.warn('PARLEY_TEST_REDIS_URL is not set: limits over Redis are not tested');

/** Two nodes with the same Redis, or with none. */
const nodes = (): Promise<RateLimiter[]> => {
  const settings = { PARLEY_RATE_LIMITS: 'on', ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }) };
  return Promise.all([0, 1].map(() => RateLimiter.create(testConfig('postgres://nowhere', settings))));
};

/** How many of `uses` of this limit are granted, when they go to the nodes in turn. */
async function granted(limiters: RateLimiter[], limit: 'login_user' | 'send', uses: number): Promise<number> {
  const key = randomUUID();
  let count = 0;
  for (let use = 0; use < uses; use += 1) {
    const answer = limiters[use % limiters.length]?.consume(limit, key);
    await answer?.then(
      () => (count += 1),
      () => undefined,
    );
  }
  return count;
}

describe(`two nodes with ${redisUrl === undefined ? 'no Redis' : 'one Redis'}`, () => {
  let limiters: RateLimiter[];

  beforeAll(async () => {
    limiters = await nodes();
  });

  afterAll(() => {
    for (const limiter of limiters) limiter.onApplicationShutdown();
  });

  it('grant what protects accounts together, or each for itself', async () => {
    const { points } = RATE_LIMITS.login_user;
    const expected = redisUrl === undefined ? 2 * points : points;
    await eventually(async () => expect(await granted(limiters, 'login_user', 2 * points)).toBe(expected));
  });

  it('grant each for itself what protects the node', async () => {
    const { points } = RATE_LIMITS.send;
    expect(await granted(limiters, 'send', 2 * points)).toBe(2 * points);
  });
});
