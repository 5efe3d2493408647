import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 2_000;
const FIRST_MS = 100;

/**
 * How long to wait before the next try: what the server said, or else longer each time. With jitter,
 * so that many who were turned away together do not come back together.
 */
export function pauseBefore(attempt: number, saidMs: number | null | undefined): number {
  const atLeast = saidMs ?? Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return atLeast + Math.random() * Math.min(LONGEST_MS, Math.max(FIRST_MS, atLeast) / 2);
}

/** Waits, or ends early with an `AbortError` when the replay is stopped. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

/** Runs `work` for every item, at most `width` at a time, and gives the results in the order of the items. */
export async function mapBounded<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
