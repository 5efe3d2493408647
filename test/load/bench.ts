import type { BenchOptions } from './options.js';
import { CRITERIA } from './report/criteria.js';
import { describeMachine, describeVersions } from './report/environment.js';
import type { Results } from './report/results.js';
import { judge } from './report/verdicts.js';
import { moveToLoadCore, PINNING } from './systems/pinning.js';
import { StartUp } from './workloads/start-up.js';
import { DurableSend } from './workloads/w1-durable-send.js';
import { GroupFanOut } from './workloads/w2-fan-out.js';
import { IdleSockets } from './workloads/w3-idle-sockets.js';
import { HistoryPages } from './workloads/w4-history.js';
import { ListAndSync } from './workloads/w5-list-and-sync.js';
import { MixedLife } from './workloads/w6-mixed.js';
import type { RunContext, Workload, WorkloadId } from './workloads/workload.js';

const FULL_TIMES = { warmUpMs: 3_000, measureMs: 8_000 };
const SHORT_TIMES = { warmUpMs: 200, measureMs: 500 };

const MAKERS: Readonly<Record<WorkloadId, (context: RunContext) => Workload>> = {
  w1: (context) => new DurableSend(context),
  w2: (context) => new GroupFanOut(context),
  w3: (context) => new IdleSockets(context),
  w4: (context) => new HistoryPages(context),
  w5: (context) => new ListAndSync(context),
  w6: (context) => new MixedLife(context),
  start: (context) => new StartUp(context),
};

/** Runs the workloads one after the other. What fails is written down, and the next one begins. */
export async function bench(options: BenchOptions, signal: AbortSignal, say: (line: string) => void): Promise<Results> {
  const { short, rounds, minutes } = options;
  const times = short ? SHORT_TIMES : FULL_TIMES;
  const results: Results = {
    startedAt: new Date().toISOString(),
    finishedAt: '',
    short,
    machine: describeMachine(),
    versions: describeVersions(),
    method: { rounds, ...times, minutes, pinning: PINNING },
    measurements: [],
    verdicts: [],
    failures: [],
  };
  moveToLoadCore();
  const record: RunContext['record'] = (measurement) => results.measurements.push(measurement);
  const context: RunContext = { ...times, short, minutes, signal, record, say };
  for (const id of options.workloads) {
    try {
      await runWorkload(id, context, rounds);
    } catch (error) {
      signal.throwIfAborted();
      results.failures.push({ workload: id, message: error instanceof Error ? error.message : String(error) });
    }
  }
  results.verdicts = judge(CRITERIA, results.measurements);
  results.finishedAt = new Date().toISOString();
  return results;
}

async function runWorkload(id: WorkloadId, context: RunContext, rounds: number): Promise<void> {
  const workload = MAKERS[id](context);
  try {
    await workload.prepare();
    for (let round = 1; round <= rounds; round += 1) {
      context.say(`${id}: round ${round} of ${rounds}`);
      await workload.round(round);
    }
  } finally {
    await workload.finish();
  }
}
