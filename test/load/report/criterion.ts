import type { SystemName } from '../systems/chat-system.js';
import type { WorkloadId } from '../workloads/workload.js';

/** A number among the measurements. */
export interface Place {
  case: string;
  system: SystemName;
  metric: string;
}

/** What is asked of Parley: a number, or the ratio of two, with what it must reach and what it should. */
export interface Criterion {
  workload: WorkloadId;
  /** In words, for the table of verdicts. */
  name: string;
  of: Place;
  /** Compared with this, round by round; absent when the number itself counts. */
  to?: Place;
  better: 'higher' | 'lower';
  must: number;
  goal: number;
}

/** How far Parley has to get. */
export type Bounds = Pick<Criterion, 'better' | 'must' | 'goal'>;

export function atLeast(must: number, goal: number): Bounds {
  return { better: 'higher', must, goal };
}

export function atMost(must: number, goal: number): Bounds {
  return { better: 'lower', must, goal };
}

/** A number of Parley's. */
export function parleys(name: string, metric: string): Place {
  return { case: name, system: 'parley', metric };
}

/** Parley's number and the same one of what it is compared with. */
export function beside(system: SystemName, name: string, metric: string): Pick<Criterion, 'of' | 'to'> {
  return { of: parleys(name, metric), to: { case: name, system, metric } };
}
