import { toPercentiles } from './timings.js';

describe('percentiles', () => {
  it('are values that occurred', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(toPercentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(toPercentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it('do not exist without values', () => {
    expect(toPercentiles([])).toBeNull();
  });
});
