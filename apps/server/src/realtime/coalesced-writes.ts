import type { Duplex } from 'node:stream';

/**
 * Lets a connection make one system call of everything that is written to it in one turn.
 *
 * A batch of messages owes the same socket several frames and acks at once, and each would be a system
 * call of its own: under load the dearest part of a message. So the first write corks the stream, and
 * it is uncorked when the code that is running now, and what it has resolved, is done. Nothing is
 * delayed by a timer, and the order stays.
 *
 * It relies on nothing but `cork` and `uncork` of Node's streams, which may be nested. Covered by
 * `coalesced-writes.spec.ts`.
 */
export function coalesceWrites(stream: Duplex): void {
  stream.write = writeCorked;
}

const CORKED = Symbol('parley:corked');
type Coalesced = Duplex & { [CORKED]?: boolean };

// One function for all connections: a closure for each would be memory for each.
function writeCorked(this: Coalesced, ...args: unknown[]): boolean {
  if (this[CORKED] !== true) {
    this[CORKED] = true;
    this.cork();
    process.nextTick(uncork, this);
  }
  const prototype = Object.getPrototypeOf(this) as Duplex;
  return (prototype.write as (...args: unknown[]) => boolean).apply(this, args);
}

function uncork(stream: Coalesced): void {
  stream[CORKED] = false;
  stream.uncork();
}
