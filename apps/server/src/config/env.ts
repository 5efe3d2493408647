import { isIP } from 'node:net';
import { cleanEnv, EnvError, makeExactValidator, str, type Spec } from 'envalid';

/**
 * Every setting of the server, raw: its name, its default and one sentence. `.env.example` is
 * compared with this list.
 */
const SPECS = {
  PORT: integer(
    0,
    65_535,
  )({
    default: 3000,
    desc: 'The port of the web page, REST and Socket.IO; 0 takes a free one.',
  }),
  HOST: host()({ default: '127.0.0.1', desc: 'The address to listen on; 0.0.0.0 for all of them.' }),
  DATABASE_URL: postgresUrl()({
    default: undefined,
    desc: 'An external PostgreSQL 15 or newer; without it Parley runs its own in the data folder.',
    example: 'postgres://parley:secret@localhost:5432/parley',
  }),
  REDIS_URL: redisUrl()({
    default: undefined,
    desc: 'A Redis that carries facts and rate limits between several nodes; one node needs none.',
    example: 'redis://localhost:6379',
  }),
  NODE_ENV: oneOf(
    'development',
    'test',
    'production',
  )({
    default: 'development',
    desc: 'What the logs look like: JSON with production, lines for people with development or test.',
  }),
  PARLEY_DATA_DIR: str({
    default: '.parley',
    desc: 'The folder of the embedded database and of the generated secret.',
  }),
  PARLEY_RATE_LIMITS: onOff()({
    default: true,
    desc: 'Whether requests are limited per person and address: on, or off for benchmarks and tests.',
  }),
  PARLEY_JWT_SECRET: secret()({
    default: undefined,
    desc: 'Signs access tokens (32 bytes or more); without it one is made and kept in the data folder.',
  }),
  PARLEY_ACCESS_TOKEN_SECONDS: integer(5, 600)({ default: 600, desc: 'How long an access token is valid.' }),
  PARLEY_REFRESH_TOKEN_DAYS: integer(1, 365)({ default: 30, desc: 'How long a session lasts without being used.' }),
  PARLEY_ALLOWED_ORIGINS: origins()({
    default: [],
    desc: 'Origins of other web pages that may use this server, separated by commas; its own page always may.',
    example: 'https://chat.example.com',
  }),
  PARLEY_TRUST_PROXY_HOPS: integer(
    0,
    10,
  )({
    default: 0,
    desc: 'How many reverse proxies stand in front, so that addresses are read from X-Forwarded-For.',
  }),
  PARLEY_DATABASE_POOL: integer(
    1,
    200,
  )({
    default: 10,
    desc: 'Connections to PostgreSQL for requests; messages, upkeep and health have their own few.',
  }),
  PARLEY_APPEND_LANES: integer(
    1,
    32,
  )({
    default: 1,
    desc: 'Batches of messages that may be on their way to PostgreSQL at the same time.',
  }),
  PARLEY_FAN_OUT: oneOf(
    'auto',
    'local',
    'redis',
    'postgres',
  )({
    default: 'auto',
    desc: 'How facts reach other nodes; auto takes redis with REDIS_URL, postgres with DATABASE_URL, else local.',
  }),
  PARLEY_AUDIT_SECONDS: integer(
    1,
    10,
  )({
    default: 5,
    desc: 'How often a node compares what it believes with the database, in case the other nodes were not heard.',
  }),
  PARLEY_ARGON2_MEMORY_KIB: integer(
    1024,
    1_048_576,
  )({
    default: 19_456,
    desc: 'Memory of one password hash in KiB.',
  }),
  PARLEY_ARGON2_PASSES: integer(1, 20)({ default: 2, desc: 'Passes of one password hash.' }),
  PARLEY_METRICS_PORT: integer(
    0,
    65_535,
  )({
    default: undefined,
    desc: 'A port of its own for Prometheus, at /metrics; without it nothing is measured.',
    example: '9464',
  }),
  PARLEY_TRACES_URL: httpUrl()({
    default: undefined,
    desc: 'Where OpenTelemetry traces are sent, by OTLP over HTTP with JSON; without it none are drawn.',
    example: 'http://localhost:4318/v1/traces',
  }),
  PARLEY_LOG_LEVEL: oneOf(
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'silent',
  )({
    default: 'info',
    desc: 'The least severe level that is logged.',
  }),
} as const;

export type Env = ReturnType<typeof readEnv>;

export interface Setting {
  readonly name: string;
  readonly sentence: string;
  /** The default, or an example of a value where there is none. */
  readonly shown: string;
  readonly hasDefault: boolean;
}

/** The list, for `.env.example`. */
export const SETTINGS: readonly Setting[] = Object.entries<Spec<unknown>>(SPECS).map(([name, spec]) => ({
  name,
  sentence: spec.desc ?? '',
  shown: spec.example ?? show(spec.default),
  hasDefault: show(spec.default) !== '',
}));

/** Thrown with one line for each setting that is wrong. */
export class SettingsError extends Error {}

/**
 * Reads and validates the settings. An empty one counts as not given.
 * @throws SettingsError that names every wrong setting, and every `PARLEY_…` that does not exist.
 */
export function readEnv(environment: NodeJS.ProcessEnv) {
  const unknown = Object.keys(environment).filter((name) => name.startsWith('PARLEY_') && !(name in SPECS));
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  return cleanEnv(given, SPECS, {
    reporter: ({ errors }) => {
      const lines = [
        ...Object.entries(errors).map(([name, error]) => `${name} ${error.message}`),
        ...unknown.map((name) => `${name} is not a setting of Parley`),
        ...(given['PARLEY_FAN_OUT'] === 'redis' && given['REDIS_URL'] === undefined
          ? ['REDIS_URL must be given when PARLEY_FAN_OUT is redis']
          : []),
      ];
      if (lines.length > 0) throw new SettingsError(lines.join('\n'));
    },
  });
}

// NOTE: none of the messages below repeats the value: it may be a secret, and they are printed.

function integer(min: number, max: number) {
  return makeExactValidator<number>((input) => {
    const value = Number(input);
    if (!/^\d+$/.test(input) || value < min || value > max) {
      throw new EnvError(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  });
}

/** A part of a host name. The underscore is no letter of the internet's, and names in containers have it. */
const HOST_LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const HOST_NAME_MAX = 253;

/** An address or, by its syntax, the name of one; whether this machine has it shows when it listens there. */
function host() {
  return makeExactValidator<string>((input) => {
    const labels = input.replace(/\.$/, '').split('.');
    // What ends in a number is meant as an address: 1.2.3 or 256.0.0.1 is a wrong one.
    const isName = labels.every((label) => HOST_LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
    if (isIP(input) === 0 && !(isName && input.length <= HOST_NAME_MAX)) {
      throw new EnvError('must be an IP address or a host name');
    }
    return input;
  });
}

function oneOf<const T extends string>(...choices: readonly T[]) {
  return makeExactValidator<T>((input) => {
    const choice = choices.find((candidate) => candidate === input);
    if (choice === undefined) throw new EnvError(`must be one of ${choices.join(', ')}`);
    return choice;
  });
}

function onOff() {
  return makeExactValidator<boolean>((input) => {
    if (input !== 'on' && input !== 'off') throw new EnvError('must be on or off');
    return input === 'on';
  });
}

function postgresUrl() {
  return makeExactValidator<string>((input) => {
    if (!/^postgres(ql)?:\/\/./.test(input)) throw new EnvError('must begin with postgres://');
    requireUrl(input);
    return input;
  });
}

function redisUrl() {
  return makeExactValidator<string>((input) => {
    if (!/^rediss?:\/\/./.test(input)) throw new EnvError('must begin with redis:// or rediss://');
    requireUrl(input);
    return input;
  });
}

function httpUrl() {
  return makeExactValidator<string>((input) => {
    if (!/^https?:\/\/./.test(input) || !URL.canParse(input))
      throw new EnvError('must be a URL with http:// or https://');
    return input;
  });
}

/** A `#` or `/` in a password ends the host's part early: what is left would be read as another address. */
function requireUrl(input: string): void {
  if (URL.canParse(input) && new URL(input).hash === '') return;
  throw new EnvError('must be a URL; special characters of the password are written as %XX');
}

function secret() {
  return makeExactValidator<string>((input) => {
    if (Buffer.byteLength(input) < 32) throw new EnvError('must have at least 32 bytes');
    return input;
  });
}

function origins() {
  return makeExactValidator<readonly string[]>((input) => {
    const list = input
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== '');
    if (!list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin)) {
      throw new EnvError('must be origins such as https://chat.example.com, separated by commas');
    }
    return list;
  });
}

function show(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
