import { Logger } from '@nestjs/common';
import { Cluster } from './arena/cluster.js';
import { groupByTopology } from './faults/fault.js';
import { inLanes } from './lanes.js';
import { HELP, parseOptions, UsageError, type ChaosOptions } from './options.js';
import { describeRun, describeTotals } from './report.js';
import { runChaos, type RunResult } from './run-chaos.js';
import { LONG, SHORT } from './sizes.js';

/** The command line. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    process.stdout.write(HELP);
    return 0;
  }
  // The embedded PostgreSQL of the runs tells of its life; here the report does.
  Logger.overrideLogger(false);
  const cluster = await Cluster.start();
  try {
    const results = await runAll(options, cluster);
    process.stdout.write(describeTotals(results));
    return results.some(({ violations }) => violations.length > 0) ? 1 : 0;
  } finally {
    await cluster.stop();
  }
}

async function runAll(options: ChaosOptions, cluster: Cluster): Promise<RunResult[]> {
  const { faults, seeds, seed, minutes, short, together, lanes } = options;
  const groups = together ? groupByTopology(faults) : faults.map((fault) => [fault]);
  process.stdout.write(`${groups.length * seeds} runs, from seed ${seed}\n`);
  const deadline = performance.now() + minutes * 60_000;
  // Every fault once, then every fault again: whoever stops early has seen all of them.
  const runs = Array.from({ length: seeds }, (_, index) =>
    groups.map((group) => ({ group, seed: seed + index })),
  ).flat();
  const work = runs.map((run) => async (): Promise<RunResult[]> => {
    if (performance.now() > deadline) return [];
    const result = await runChaos({ faults: run.group, seed: run.seed, ...(short ? SHORT : LONG), cluster });
    process.stdout.write(`${describeRun(result, { short })}\n`);
    return [result];
  });
  return (await inLanes(work, lanes)).flat();
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
