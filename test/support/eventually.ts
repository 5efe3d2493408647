import { setTimeout as pause } from 'node:timers/promises';

/** Tries until `check` neither throws nor rejects, or a deadline passes: then with its last failure. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 30_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(10);
    }
  }
}
