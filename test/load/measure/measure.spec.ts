import { Samples } from './samples.js';
import { slope, summarize } from './statistics.js';

describe('samples', () => {
  it('know their percentiles by nearest rank, in whatever order they came', () => {
    const samples = new Samples();
    for (let value = 100; value >= 1; value -= 1) samples.add(value);
    expect([0, 1, 50, 99, 99.5, 100].map((percent) => samples.percentile(percent))).toEqual([1, 1, 50, 99, 100, 100]);
  });

  it('grow without losing any', () => {
    const samples = new Samples();
    for (let value = 0; value < 10_000; value += 1) samples.add(value);
    expect(samples.size).toBe(10_000);
    expect(samples.percentile(100)).toBe(9_999);
  });

  it('leave out what comes while they are paused', () => {
    const samples = new Samples();
    samples.add(1);
    samples.paused = true;
    samples.add(100);
    samples.paused = false;
    samples.add(2);
    expect([samples.size, samples.percentile(100)]).toEqual([2, 2]);
  });

  it('know the percentile of each stretch between marks, but for those in which none came', () => {
    const samples = new Samples();
    samples.add(50);
    samples.mark();
    samples.clear();
    for (const stretch of [[3, 1], [], [9, 8, 7]]) {
      for (const value of stretch) samples.add(value);
      samples.mark();
    }
    samples.add(100);
    expect(samples.percentileOfStretches(100)).toEqual([3, 9]);
    expect(samples.percentile(100)).toBe(100);
  });

  it('have no percentile when there are none, or none any more', () => {
    const samples = new Samples();
    expect(samples.percentile(50)).toBeNull();
    samples.add(1);
    samples.clear();
    expect(samples.percentile(50)).toBeNull();
  });
});

describe('statistics', () => {
  it('take the middle of the rounds, and say how far the others are from it', () => {
    expect(summarize([5, 1, 2])).toEqual({ median: 2, lowest: 1, highest: 5 });
    expect(summarize([4, 1, 2, 30])).toEqual({ median: 3, lowest: 1, highest: 30 });
    expect(summarize([])).toBeNull();
  });

  it('find how fast something grows', () => {
    const grows = [3, 5, 7, 9].map((y, x) => ({ x, y }));
    expect(slope(grows)).toBeCloseTo(2);
    expect(slope([{ x: 1, y: 4 }])).toBeNull();
    expect(slope([1, 5].map((y) => ({ x: 3, y })))).toBeNull();
  });
});
