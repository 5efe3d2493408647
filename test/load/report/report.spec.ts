import type { Measurement } from '../workloads/workload.js';
import { atLeast, atMost, beside, parleys, type Criterion } from './criterion.js';
import type { Results } from './results.js';
import { tablesOf, toMarkdown, toText } from './tables.js';
import { judge } from './verdicts.js';

const NAME = '8 open, empty table';

function measured(system: Measurement['system'], perSecond: readonly number[], loadBusy = 0.5): Measurement[] {
  return perSecond.map((ackedPerSecond, index) => ({
    workload: 'w1',
    case: NAME,
    system,
    round: index + 1,
    values: { ackedPerSecond, loadBusy, cpuPer1000Messages: null },
  }));
}

const RATIO: Criterion = {
  workload: 'w1',
  name: 'of bare',
  ...beside('bare Socket.IO', NAME, 'ackedPerSecond'),
  ...atLeast(0.45, 0.65),
};

describe('verdicts', () => {
  it('compare within each round, because an hour later everything may be faster', () => {
    const measurements = [...measured('bare Socket.IO', [100, 1_000, 200]), ...measured('parley', [50, 600, 80])];
    expect(judge([RATIO], measurements)).toEqual([
      expect.objectContaining({ median: 0.5, lowest: 0.4, highest: 0.6, verdict: 'must' }),
    ]);
  });

  it.each([
    [atLeast(10, 20), 20, 'goal'],
    [atLeast(10, 20), 10, 'must'],
    [atLeast(10, 20), 9, 'missed'],
    [atMost(25, 10), 10, 'goal'],
    [atMost(25, 10), 25, 'must'],
    [atMost(25, 10), 26, 'missed'],
  ])('judge by %j that %d is %s', (bounds, value, verdict) => {
    const criterion: Criterion = { workload: 'w1', name: '', of: parleys(NAME, 'ackedPerSecond'), ...bounds };
    expect(judge([criterion], measured('parley', [value]))).toEqual([expect.objectContaining({ verdict })]);
  });

  it('say nothing about what was not measured', () => {
    expect(judge([RATIO], measured('parley', [1]))).toEqual([]);
    expect(judge([RATIO], [])).toEqual([]);
  });
});

describe('the tables', () => {
  const measurements = [...measured('bare Socket.IO', [1_234, 5_000, 2_000], 0.95), ...measured('parley', [1_000])];
  const tables = tablesOf({ measurements, verdicts: judge([RATIO], measurements) } as Results);

  it('show the middle and the ends, and where the load generator was too busy', () => {
    expect(tables.map(({ rows }) => rows)).toEqual([
      [
        ['', 'system', 'acked/s', 'load busy'],
        [NAME, 'bare Socket.IO', '2,000 (1,234-5,000)', '0.95 (!)'],
        [NAME, 'parley', '1,000', '0.50'],
      ],
      [
        ['', 'is', 'must', 'goal', 'verdict'],
        ['of bare', '0.81', '≥ 0.45', '≥ 0.65', 'goal'],
      ],
    ]);
  });

  it('are written for a terminal and for a page', () => {
    const [table] = tables as [(typeof tables)[0]];
    expect(toText(table).split('\n')[4]).toBe(`${NAME}  parley                        1,000       0.50`);
    expect(toMarkdown(table).split('\n').slice(2, 5)).toEqual([
      '|  | system | acked/s | load busy |',
      '| --- | --- | --- | --- |',
      `| ${NAME} | bare Socket.IO | 2,000 (1,234-5,000) | 0.95 (!) |`,
    ]);
  });
});
