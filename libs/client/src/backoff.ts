const FIRST_MS = 500;
const MAX_MS = 20_000;

/**
 * How long to wait before the next try after `failures` in a row: twice as long each time, and a random
 * part of it, so that the clients of a server that was away do not come back all at once.
 */
export function backoffMs(failures: number): number {
  const ceiling = Math.min(MAX_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return jittered(ceiling);
}

/** Between half of it and all of it. */
export function jittered(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}
