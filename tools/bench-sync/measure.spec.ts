import { measureByTurns, summarize } from './measure.js';
import { formatReport } from './report.js';

describe('measuring', () => {
  it('takes the middle, and says how far the others are from it', () => {
    expect(summarize([5, 1, 2])).toEqual({ median: 2, lowest: 1, highest: 5 });
    expect(summarize([4, 1, 2, 30])).toEqual({ median: 3, lowest: 1, highest: 30 });
    expect(() => summarize([])).toThrow();
  });

  it('goes by turns, and once more than it counts', async () => {
    const turns: string[] = [];
    const named = (name: string) => async () => turns.at(-1) !== name && turns.push(name);
    const rounds: number[] = [];
    const results = await measureByTurns([named('a'), named('b')], 2, () => rounds.push(turns.length));
    expect(turns).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(rounds).toEqual([2, 4, 6]);
    expect(results).toHaveLength(2);
  });

  it('fails when what it measures fails', async () => {
    await expect(measureByTurns([() => Promise.reject(new Error('refused'))], 5, () => undefined)).rejects.toThrow(
      'refused',
    );
  });
});

describe('the report', () => {
  it('compares everything with the first', () => {
    const report = formatReport([
      { name: 'little', measurement: { median: 2, lowest: 1, highest: 3 } },
      { name: 'much more', measurement: { median: 5, lowest: 4.5, highest: 20 } },
    ]);
    expect(report.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['ratio', 'spread', 'median'],
      ['little', '1.00', '0.50 to 1.50', '2.0 ms'],
      ['much more', '2.50', '2.25 to 10.00', '5.0 ms'],
      [''],
    ]);
  });
});
