import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * Lets one thread collect young garbage where there is one core. Several would only take turns with each
 * other, and with everything that waits for them: a quarter of what such a server can do.
 */
export function tuneRuntime(): void {
  if (availableParallelism() === 1) setFlagsFromString('--no-parallel-scavenge');
}
