import { parseOptions, UsageError } from './options.js';

describe('the command line', () => {
  it('needs a file, and plays it as fast as possible on this machine', () => {
    expect(parseOptions(['log.jsonl'])).toEqual({
      file: 'log.jsonl',
      url: 'http://127.0.0.1:3000',
      speed: null,
      limit: undefined,
    });
  });

  it('takes the server, the speed and the number of lines', () => {
    const args = ['--url', 'https://chat.example.com/', 'log.jsonl', '--speed', '0.5', '--limit=20'];
    expect(parseOptions(args)).toEqual({ file: 'log.jsonl', url: 'https://chat.example.com', speed: 0.5, limit: 20 });
    expect(parseOptions(['log.jsonl', '--speed', 'max'])?.speed).toBeNull();
  });

  it('is answered with help', () => {
    expect(parseOptions(['--help'])).toBeNull();
    expect(parseOptions(['-h', 'log.jsonl'])).toBeNull();
  });

  it.each([
    [[]],
    [['a.jsonl', 'b.jsonl']],
    [['a.jsonl', '--fast']],
    [['a.jsonl', '--url']],
    [['a.jsonl', '--url', 'localhost:3000']],
    [['a.jsonl', '--url', 'ftp://localhost']],
    [['a.jsonl', '--speed', '0']],
    [['a.jsonl', '--speed', '-1']],
    [['a.jsonl', '--speed', 'Infinity']],
    [['a.jsonl', '--speed', 'fast']],
    [['a.jsonl', '--speed', '']],
    [['a.jsonl', '--limit', '0']],
    [['a.jsonl', '--limit', '1.5']],
  ])('refuses %j', (args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});
