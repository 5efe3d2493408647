import { Logger } from '@nestjs/common';
import { serverUrl } from '../../support/database.js';
import { Cluster } from './arena/cluster.js';
import { groupByTopology } from './faults/fault.js';
import { FAULTS } from './faults/faults.js';
import { inLanes } from './lanes.js';
import { describeRun } from './report.js';
import { runChaos, type RunResult } from './run-chaos.js';
import { SHORT } from './sizes.js';

/** Runs at the same time: they wait for much of it. */
const LANES = 3;
const SEED = 1;
/** A budget, and no measure. */
const WITHIN_MS = 900_000;

describe('people at work, while things go wrong', () => {
  const groups = groupByTopology(FAULTS);
  const results = new Map<string, RunResult>();

  beforeAll(async () => {
    Logger.overrideLogger(false);
    const cluster = Cluster.at(serverUrl());
    const runs = groups.map((faults) => async () => {
      const result = await runChaos({ ...SHORT, faults, seed: SEED, cluster });
      for (const { name } of faults) results.set(name, result);
    });
    await inLanes(runs, LANES);
  }, WITHIN_MS);

  it.each(FAULTS.map(({ name, sentence }) => [name, sentence]))('keep all promises under %s: %s', (name) => {
    const result = results.get(name)!;
    if (result.violations.length === 0) return;
    const failedAt = result.faults.indexOf(result.failedAt ?? '');
    // What came before the fault that failed has passed.
    if (result.faults.indexOf(name) >= failedAt) throw new Error(describeRun(result, { short: true }));
  });
});
