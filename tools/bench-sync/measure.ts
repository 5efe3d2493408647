/** How long something took, in milliseconds. */
export interface Measurement {
  median: number;
  /** The fastest and the slowest round. */
  lowest: number;
  highest: number;
}

/** Asked so often in one round, whose result is the median. */
const REPEATS = 20;

/**
 * Measures several things by turns, so that whatever else the machine does falls on all of them. The
 * first round is not counted: it fills caches and lets the engine compile.
 */
export async function measureByTurns(
  works: readonly (() => Promise<unknown>)[],
  rounds: number,
  onRound: () => void,
): Promise<Measurement[]> {
  const results = works.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      const took = await medianTime(work);
      if (round > 0) results[index]?.push(took);
    }
    onRound();
  }
  return results.map(summarize);
}

async function medianTime(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < REPEATS; count += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return summarize(times).median;
}

/** Of an even number of values the median is between the two in the middle. */
export function summarize(values: readonly number[]): Measurement {
  if (values.length === 0) throw new Error('There is nothing to summarize');
  const sorted = Float64Array.from(values).sort();
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    lowest: at(0),
    highest: at(sorted.length - 1),
  };
}
