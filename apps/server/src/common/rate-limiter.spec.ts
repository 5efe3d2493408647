import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { testConfig } from '../../../../test/support/config.js';
import { DomainError } from './domain-error.js';
import { RateLimiter } from './rate-limiter.js';
import { RATE_LIMITS } from './rate-limits.js';

const URL = 'postgres://nowhere';
const on = (settings: Record<string, string> = {}) => testConfig(URL, { PARLEY_RATE_LIMITS: 'on', ...settings });

async function useUp(limiter: RateLimiter, key: string): Promise<void> {
  for (let use = 0; use < RATE_LIMITS.login_user.points; use += 1) await limiter.consume('login_user', key);
}

const refusal = expect.objectContaining({ code: 'rate_limited' });

describe('RateLimiter', () => {
  it('refuses the excess of one key and leaves others alone', async () => {
    const limiter = await RateLimiter.create(on());
    await useUp(limiter, 'ada');
    await expect(limiter.consume('login_user', 'ada')).rejects.toEqual(refusal);
    await expect(limiter.consume('login_user', 'ben')).resolves.toBeUndefined();
    await expect(limiter.consume('login', 'ada')).resolves.toBeUndefined();
  });

  it('says when to come back', async () => {
    const limiter = await RateLimiter.create(on());
    await useUp(limiter, 'ada');
    const error: unknown = await limiter.consume('login_user', 'ada').catch((reason: unknown) => reason);
    if (!(error instanceof DomainError)) throw error;
    expect(error.details.retryInMs).toBeGreaterThan(0);
    expect(error.details.retryInMs).toBeLessThanOrEqual(RATE_LIMITS.login_user.seconds * 1_000);
  });

  it('counts nothing when limits are off', async () => {
    const limiter = await RateLimiter.create(testConfig(URL));
    await useUp(limiter, 'ada');
    await expect(limiter.consume('login_user', 'ada')).resolves.toBeUndefined();
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['2001:db8::1', '2001:db8:0:0:5::', true],
    ['::1', '::2', true],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
    ['192.0.2.1', '192.0.2.2', false],
  ])('counts %s and %s together: %s', async (first, second, together) => {
    const limiter = await RateLimiter.create(on());
    await useUp(limiter, first);
    const counted = limiter.consume('login_user', second);
    await (together ? expect(counted).rejects.toEqual(refusal) : expect(counted).resolves.toBeUndefined());
  });

  describe('when Redis does not answer', () => {
    let silent: Server;
    beforeAll((done) => {
      silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1', done);
    });
    afterAll(() => void silent.close());

    it.each([
      ['refuses connections', () => 'redis://127.0.0.1:1'],
      ['is silent', () => `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`],
    ])('counts by itself while Redis %s', async (_how, url) => {
      const limiter = await RateLimiter.create(on({ REDIS_URL: url() }));
      try {
        await useUp(limiter, 'ada');
        await expect(limiter.consume('login_user', 'ada')).rejects.toEqual(refusal);
      } finally {
        limiter.onApplicationShutdown();
      }
    });
  });
});
