import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv, SETTINGS, SettingsError } from './env.js';

const EXAMPLE = join(import.meta.dirname, '../../../../.env.example');

describe('the settings', () => {
  it('have defaults, so that none has to be given', () => {
    expect(readEnv({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      PARLEY_DATA_DIR: '.parley',
      PARLEY_RATE_LIMITS: true,
      PARLEY_ALLOWED_ORIGINS: [],
      PARLEY_FAN_OUT: 'auto',
    });
  });

  it('are read from the environment', () => {
    expect(
      readEnv({
        PORT: '0',
        DATABASE_URL: 'postgresql://parley@localhost/parley',
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_ALLOWED_ORIGINS: 'https://chat.example.com, http://localhost:5173,',
      }),
    ).toMatchObject({
      PORT: 0,
      DATABASE_URL: 'postgresql://parley@localhost/parley',
      PARLEY_RATE_LIMITS: false,
      PARLEY_ALLOWED_ORIGINS: ['https://chat.example.com', 'http://localhost:5173'],
    });
  });

  it('count as not given when they are empty', () => {
    expect(readEnv({ PORT: '', DATABASE_URL: '', PARLEY_JWT_SECRET: '' })).toMatchObject({
      PORT: 3000,
      DATABASE_URL: undefined,
      PARLEY_JWT_SECRET: undefined,
    });
  });

  it.each([
    ['PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['PORT', '3e3', 'must be a whole number from 0 to 65535'],
    ['HOST', 'not a host', 'must be an IP address or a host name'],
    ['HOST', 'http://localhost', 'must be an IP address or a host name'],
    ['HOST', 'localhost:3000', 'must be an IP address or a host name'],
    ['HOST', '256.0.0.1', 'must be an IP address or a host name'],
    ['HOST', '[::1]', 'must be an IP address or a host name'],
    ['HOST', 'a..b', 'must be an IP address or a host name'],
    ['DATABASE_URL', 'mysql://localhost/parley', 'must begin with postgres://'],
    ['DATABASE_URL', 'postgres://parley:#1@localhost/parley', 'must be a URL'],
    ['DATABASE_URL', 'postgres://parley:a/b@localhost/parley', 'must be a URL'],
    ['REDIS_URL', 'localhost:6379', 'must begin with redis://'],
    ['PARLEY_TRACES_URL', 'localhost:4318', 'must be a URL with http:// or https://'],
    ['NODE_ENV', 'staging', 'must be one of development, test, production'],
    ['PARLEY_RATE_LIMITS', 'true', 'must be on or off'],
    ['PARLEY_JWT_SECRET', 'too short', 'must have at least 32 bytes'],
    ['PARLEY_ALLOWED_ORIGINS', 'https://chat.example.com/', 'must be origins such as'],
    ['PARLEY_FAN_OUT', 'kafka', 'must be one of auto, local, redis, postgres'],
  ])('name %s=%s and say what is wrong', (name, value, reason) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name} ${reason}`)]);
  });

  it.each(['0.0.0.0', '::', 'fe80::1%eth0', 'localhost', 'chat.example.com', 'parley_server-1', '7-of-9'])(
    'take %s for a host',
    (host) => {
      expect(readEnv({ HOST: host }).HOST).toBe(host);
    },
  );

  it('are all named when several are wrong', () => {
    expect(problemsOf({ PORT: 'http', PARLEY_RATE_LIMITS: 'yes' })).toEqual([
      expect.stringMatching(/^PORT /),
      expect.stringMatching(/^PARLEY_RATE_LIMITS /),
    ]);
  });

  it('never repeat a secret', () => {
    const lines = problemsOf({
      DATABASE_URL: 'mysql://parley:hunter2@localhost',
      REDIS_URL: 'hunter2',
      PARLEY_JWT_SECRET: 'hunter2',
    });
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('refuse a PARLEY_ name that does not exist', () => {
    expect(problemsOf({ PARLEY_RATE_LIMIT: 'off', OTHER: 'x' })).toEqual([
      'PARLEY_RATE_LIMIT is not a setting of Parley',
    ]);
  });

  it('ask for REDIS_URL when facts are to travel by Redis', () => {
    expect(problemsOf({ PARLEY_FAN_OUT: 'redis' })).toEqual(['REDIS_URL must be given when PARLEY_FAN_OUT is redis']);
    expect(readEnv({ PARLEY_FAN_OUT: 'redis', REDIS_URL: 'redis://localhost' })).toBeDefined();
  });
});

describe('.env.example', () => {
  it('shows every setting with its sentence and its default or an example', () => {
    const expected = SETTINGS.map(({ name, sentence, shown }) => `# ${sentence}\n#${name}=${shown}`);
    const [, ...blocks] = readFileSync(EXAMPLE, 'utf8').trimEnd().split('\n\n');
    expect(blocks).toEqual(expected);
  });

  it('has a full sentence for every setting', () => {
    for (const { name, sentence } of SETTINGS) expect([name, sentence]).toEqual([name, expect.stringMatching(/\.$/)]);
  });
});

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readEnv(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}
