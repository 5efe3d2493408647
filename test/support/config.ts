import { tmpdir } from 'node:os';
import { toConfig, type Config } from '../../apps/server/src/config/config.js';
import { readEnv } from '../../apps/server/src/config/env.js';

/** The settings of a server under test: a free port, cheap hashes, no rate limits unless asked for. */
export function testConfig(databaseUrl: string, overrides: Record<string, string> = {}): Config {
  return toConfig(
    readEnv({
      NODE_ENV: 'test',
      PORT: '0',
      PARLEY_DATA_DIR: tmpdir(),
      PARLEY_JWT_SECRET: 'a secret of the tests, long enough to be accepted',
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_FAN_OUT: 'local',
      PARLEY_ARGON2_MEMORY_KIB: '1024',
      PARLEY_ARGON2_PASSES: '1',
      PARLEY_LOG_LEVEL: 'silent',
      ...overrides,
    }),
    databaseUrl,
  );
}
