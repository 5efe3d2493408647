import type { Arena } from '../arena/arena.js';
import { PLAIN_TOPOLOGY, type Topology } from '../arena/topology.js';
import type { History } from '../history/history.js';
import { groupBy } from '../../../support/group-by.js';
import type { Random } from '../random.js';
import type { Cast } from '../traffic/cast.js';
import type { Mix } from '../traffic/mix.js';

/** What a fault has at hand. */
export interface Scene {
  arena: Arena;
  cast: Cast;
  history: History;
  random: Random;
  /** Whether this is the short form, which has less time. */
  short: boolean;
  /** Resolves when so many more sends have been acknowledged. */
  progress(count: number): Promise<void>;
  /** Asks what the observer is told of everybody's presence, and writes it into the history. */
  recordPresence(): Promise<void>;
}

/** Something that goes wrong while people work. */
export interface Fault {
  name: string;
  /** What happens, for a person. */
  sentence: string;
  topology?: Partial<Topology>;
  mix?: Partial<Mix>;
  /** Does the harm, and resolves when it is over and everything could be well again. */
  inject(scene: Scene): Promise<void>;
}

/** What these faults need. @throws Error when they cannot be had together */
export function topologyOf(faults: readonly Fault[]): Topology {
  const [first, ...others] = faults.map(({ topology }) => ({ ...PLAIN_TOPOLOGY, ...topology }));
  if (first === undefined) throw new Error('There is no fault');
  if (others.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first;
  throw new Error(`${faults.map(({ name }) => name).join(', ')} need different servers`);
}

/** The faults that can be had one after the other on the same servers, together. */
export function groupByTopology(faults: readonly Fault[]): Fault[][] {
  return [...groupBy(faults, (fault) => JSON.stringify(topologyOf([fault]))).values()];
}
