import type { RunOptions } from './run-chaos.js';

type Size = Pick<RunOptions, 'short' | 'rounds' | 'progress' | 'patienceMs' | 'settleWithinMs'>;

/** For a release: several faults in one history, with much traffic in between. */
export const LONG: Size = { short: false, rounds: 3, progress: 300, patienceMs: 180_000, settleWithinMs: 40_000 };

/** For every change: does it still work, and is it still caught. */
export const SHORT: Size = { short: true, rounds: 1, progress: 40, patienceMs: 120_000, settleWithinMs: 25_000 };

/** To catch a bad server by a directed fault. */
export const DIRECTED: Omit<Size, 'rounds'> = { short: true, progress: 20, patienceMs: 60_000, settleWithinMs: 12_000 };
