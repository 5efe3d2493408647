import type { Measurement, WorkloadId } from '../workloads/workload.js';
import type { Verdict } from './verdicts.js';

/** Something that must not happen while measuring did happen. */
export interface Failure {
  workload: WorkloadId;
  message: string;
}

/** A run of the benchmark, as it is written down: enough to repeat it, and to draw it again. */
export interface Results {
  startedAt: string;
  finishedAt: string;
  /** Whether everything was very small: then the numbers say nothing. */
  short: boolean;
  machine: { cpu: string; cores: number; memoryGiB: number; system: string };
  versions: { commit: string; node: string; postgres: string; 'socket.io': string };
  method: { rounds: number; warmUpMs: number; measureMs: number; minutes: number; pinning: string };
  /** Every round of everything. */
  measurements: Measurement[];
  verdicts: Verdict[];
  failures: Failure[];
}
