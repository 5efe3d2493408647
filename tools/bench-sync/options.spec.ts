import { parseOptions, UsageError } from './options.js';

const DATABASE_URL = 'postgres://postgres@127.0.0.1:5432/postgres';

describe('the command line of the benchmark', () => {
  it('measures something small, unless it is told otherwise', () => {
    expect(parseOptions([], { DATABASE_URL })).toEqual({
      conversations: 200,
      messages: 1_000,
      rounds: 7,
      databaseUrl: DATABASE_URL,
    });
    const args = ['--conversations', '1000', '--messages=10000', '--rounds', '9'];
    expect(parseOptions(args, { DATABASE_URL })).toMatchObject({ conversations: 1_000, messages: 10_000, rounds: 9 });
  });

  it('is answered with help', () => {
    expect(parseOptions(['--help'], {})).toBeNull();
  });

  it.each([
    [['--conversations', '99']],
    [['--conversations', 'many']],
    [['--messages', '299']],
    [['--messages', '1e4']],
    [['--rounds', '4']],
    [['--rounds', '-5']],
    [['--fast']],
    [['a.sql']],
  ])('refuses %j', (args) => {
    expect(() => parseOptions(args, { DATABASE_URL })).toThrow(UsageError);
  });

  it.each([undefined, '', 'mysql://127.0.0.1/test', '127.0.0.1:5432'])('refuses %j for a PostgreSQL', (url) => {
    expect(() => parseOptions([], { DATABASE_URL: url })).toThrow(UsageError);
  });
});
