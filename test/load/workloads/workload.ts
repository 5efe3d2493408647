import type { Values } from '../drive/window.js';
import type { SystemName } from '../systems/chat-system.js';

export const WORKLOADS = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'start'] as const;
export type WorkloadId = (typeof WORKLOADS)[number];

/** What one system did in one case of a workload, in one round. */
export interface Measurement {
  workload: WorkloadId;
  /** What was asked of it. The same words for every system, so that they can be compared. */
  case: string;
  system: SystemName;
  round: number;
  values: Values;
}

/** What a workload works with. */
export interface RunContext {
  /** Everything very small: to see that it works, not how fast. */
  short: boolean;
  /** How long a measurement is prepared and taken. */
  warmUpMs: number;
  measureMs: number;
  /** Minutes of the long workload. */
  minutes: number;
  signal: AbortSignal;
  record(measurement: Measurement): void;
  say(line: string): void;
}

/** One workload. Its rounds run one after the other; within a round, systems take turns at going first. */
export interface Workload {
  /** Once, before the first round. */
  prepare(): Promise<void>;
  round(round: number): Promise<void>;
  /** Once, also after a failure. */
  finish(): Promise<void>;
}

/** In every second round the last comes first, so that whatever changes with time falls on all of them. */
export async function takeTurns(round: number, steps: readonly (() => Promise<void>)[]): Promise<void> {
  const order = round % 2 === 1 ? steps : steps.toReversed();
  for (const step of order) await step();
}
