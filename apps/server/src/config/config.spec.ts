import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartupError } from '../common/startup-error.js';
import { toConfig } from './config.js';
import { readEnv } from './env.js';

const URL_OF_DATABASE = 'postgres://localhost/parley';

describe('the secret that signs tokens', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'parley-config-'));
  });

  afterEach(() => {
    rmSync(dataDir, { recursive: true });
  });

  const secretOf = (more: Record<string, string> = {}): string =>
    toConfig(readEnv({ PARLEY_DATA_DIR: dataDir, ...more }), URL_OF_DATABASE).auth.secret;

  it('is made once and kept for its owner only', () => {
    const secret = secretOf();
    expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32);
    expect(secretOf()).toBe(secret);
    expect(readdirSync(dataDir)).toEqual(['jwt-secret']);
    expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
  });

  it('is the given one where one is given, and none is made', () => {
    const given = 'given in the environment, long enough to be accepted';
    expect(secretOf({ PARLEY_JWT_SECRET: given })).toBe(given);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is refused when the kept one is too short, and is not replaced', () => {
    writeFileSync(join(dataDir, 'jwt-secret'), 'short');
    expect(() => secretOf()).toThrow(StartupError);
    expect(readFileSync(join(dataDir, 'jwt-secret'), 'utf8')).toBe('short');
  });

  it('says which file it is when the folder cannot be used', () => {
    writeFileSync(join(dataDir, 'file'), '');
    expect(() => secretOf({ PARLEY_DATA_DIR: join(dataDir, 'file') })).toThrow(/jwt-secret/);
  });
});

describe('the way of facts to other nodes', () => {
  const fanOutOf = (environment: Record<string, string>): string =>
    toConfig(
      readEnv({ PARLEY_JWT_SECRET: 'a secret of this test, long enough to be accepted', ...environment }),
      URL_OF_DATABASE,
    ).fanOut;

  it.each([
    ['local', {}],
    ['postgres', { DATABASE_URL: URL_OF_DATABASE }],
    ['redis', { DATABASE_URL: URL_OF_DATABASE, REDIS_URL: 'redis://localhost' }],
    ['local', { DATABASE_URL: URL_OF_DATABASE, PARLEY_FAN_OUT: 'local' }],
  ])('is %s with %j', (expected, environment) => {
    expect(fanOutOf(environment)).toBe(expected);
  });
});
