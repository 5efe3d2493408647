import { parseOptions, UsageError } from './options.js';
import { WORKLOADS } from './workloads/workload.js';

describe('the command line of the benchmark', () => {
  it('measures everything three times, unless it is told otherwise', () => {
    expect(parseOptions([])).toEqual({
      kind: 'measure',
      options: { workloads: WORKLOADS, rounds: 3, short: false, minutes: 10, out: 'bench-results', charts: false },
    });
    const args = ['--workloads', 'start,w2', '--rounds=5', '--minutes', '2', '--out', 'elsewhere', '--charts'];
    expect(parseOptions(args)).toEqual({
      kind: 'measure',
      options: { workloads: ['w2', 'start'], rounds: 5, short: false, minutes: 2, out: 'elsewhere', charts: true },
    });
  });

  it('measures once when it only looks whether it works', () => {
    expect(parseOptions(['--short'])).toMatchObject({ options: { short: true, rounds: 1 } });
    expect(parseOptions(['--short', '--rounds', '2'])).toMatchObject({ options: { short: true, rounds: 2 } });
  });

  it('shows what was measured before', () => {
    expect(parseOptions(['--markdown', 'a.json'])).toEqual({ kind: 'markdown', file: 'a.json' });
    expect(parseOptions(['--charts-from', 'a.json'])).toEqual({ kind: 'charts', file: 'a.json' });
  });

  it('is answered with help', () => {
    expect(parseOptions(['-h'])).toEqual({ kind: 'help' });
  });

  it.each([
    [['--workloads', 'w7']],
    [['--workloads', '']],
    [['--rounds', '0']],
    [['--rounds', '1e1']],
    [['--minutes', 'ten']],
    [['--fast']],
    [['a.json']],
  ])('refuses %j', (args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});
