import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 what it cannot know of a chat server.
 *
 * - Where some kind of object has outlived a young collection or two, V8 makes the next ones where it looks for
 *   garbage rarely. While a few hundred messages are on their way, everything that belongs to a message looks
 *   like that; and what is made there keeps alive whatever it refers to, so that a kilobyte of each message
 *   waits for a full collection. Those are the longest pauses of a busy server.
 * - Several threads that collect young garbage on one core only take turns with each other, and with everything
 *   that waits for them: a quarter of what such a server can do.
 *
 * What each is worth is in docs/benchmarks.md.
 */
export function tuneRuntime(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
  if (availableParallelism() === 1) setFlagsFromString('--no-parallel-scavenge');
}
