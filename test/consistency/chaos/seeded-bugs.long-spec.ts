import { serverUrl } from '../../support/database.js';
import { Cluster } from './arena/cluster.js';
import { DIRECTED_FAULTS } from './bugs/directed-faults.js';
import type { SeededBug } from './bugs/seeded-bug.js';
import { SEEDED_BUGS } from './bugs/seeded-bugs.js';
import { groupByTopology, type Fault } from './faults/fault.js';
import { inLanes } from './lanes.js';
import { describeRun } from './report.js';
import { runChaos, type RunResult } from './run-chaos.js';
import { DIRECTED } from './sizes.js';

/** Runs at the same time: they wait most of the time. */
const LANES = 3;
const SEED = 20;
/** A budget, and no measure: a run ends as soon as something is found. */
const WITHIN_MS = 600_000;

describe('the checker of `npm run chaos`', () => {
  const cluster = Cluster.at(serverUrl());
  const caught = new Map<SeededBug, RunResult>();
  const passed = new Map<Fault, RunResult>();

  beforeAll(async () => {
    const bad = SEEDED_BUGS.map((bug) => async () => {
      const preloads = bug.preload === null ? [] : [bug.preload];
      const spoil = { preloads, prepare: (url: string) => bug.prepare(url), caughtBy: bug.caughtBy };
      caught.set(bug, await runChaos({ ...DIRECTED, faults: [bug.fault], rounds: 5, seed: SEED, cluster, spoil }));
    });
    const good = groupByTopology(DIRECTED_FAULTS).map((faults) => async () => {
      const result = await runChaos({ ...DIRECTED, faults, rounds: 1, seed: SEED, cluster });
      for (const fault of faults) passed.set(fault, result);
    });
    await inLanes([...good, ...bad], LANES);
  }, WITHIN_MS);

  it.each(SEEDED_BUGS.map((bug) => [bug.sentence, bug] as const))('catches a server that %s', (_, bug) => {
    const result = caught.get(bug)!;
    if (result.violations.some(({ rule }) => bug.caughtBy.includes(rule))) return;
    throw new Error(`It was not caught by ${bug.caughtBy.join(' or ')}: ${describeRun(result, { short: true })}`);
  });

  it.each(DIRECTED_FAULTS.map((fault) => [fault.name, fault] as const))(
    'finds nothing under %s when there is nothing',
    (_, fault) => {
      expect(describeRun(passed.get(fault)!, { short: true })).toContain('all promises kept');
    },
  );
});
