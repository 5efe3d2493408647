import { parseArgs } from 'node:util';
import { WORKLOADS, type WorkloadId } from './workloads/workload.js';

export interface BenchOptions {
  workloads: readonly WorkloadId[];
  /** How often everything is measured. */
  rounds: number;
  /** Everything very small: to see that it works, not how fast. */
  short: boolean;
  /** Length of the long workload. */
  minutes: number;
  /** Where the results are written. */
  out: string;
  /** Whether charts are drawn of the results. */
  charts: boolean;
}

/** What is asked for: to measure, or only to show results that were written before. */
export type Request =
  | { kind: 'help' }
  | { kind: 'measure'; options: BenchOptions }
  | { kind: 'markdown'; file: string }
  | { kind: 'charts'; file: string };

/** The command line is wrong. */
export class UsageError extends Error {}

const ROUNDS = 3;
const MINUTES = 10;
const OUT = 'bench-results';

export const HELP = `Measures Parley beside bare Socket.IO and bare PostgreSQL, all started here and by turns.

  npm run bench -- [options]

  --workloads LIST    of ${WORKLOADS.join(',')} (default: all of them)
  --rounds N          how often everything is measured (default ${ROUNDS})
  --minutes N         length of w6 (default ${MINUTES})
  --short             everything very small: to see that it works, not how fast
  --out FOLDER        where the results are written as JSON (default ${OUT})
  --charts            draw docs/images/bench-*.svg of them
  --charts-from FILE  only draw the charts, of results that were written before
  --markdown FILE     only print such results as the tables of docs/benchmarks.md
  --help              show this

Servers and their PostgreSQL run on one core and the load on another, where the machine allows. Nothing else
should be running. All of it takes about two hours, and 3 GB of disk.
`;

/**
 * Reads the command line.
 * @throws UsageError
 */
export function parseOptions(args: readonly string[]): Request {
  const values = parse(args);
  if (values.help === true) return { kind: 'help' };
  if (values.markdown !== undefined) return { kind: 'markdown', file: values.markdown };
  if (values['charts-from'] !== undefined) return { kind: 'charts', file: values['charts-from'] };
  const short = values.short === true;
  return {
    kind: 'measure',
    options: {
      workloads: readWorkloads(values.workloads),
      rounds: readCount('rounds', values.rounds ?? String(short ? 1 : ROUNDS)),
      short,
      minutes: readCount('minutes', values.minutes ?? String(MINUTES)),
      out: values.out ?? OUT,
      charts: values.charts === true,
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        workloads: { type: 'string' },
        rounds: { type: 'string' },
        minutes: { type: 'string' },
        short: { type: 'boolean' },
        out: { type: 'string' },
        charts: { type: 'boolean' },
        'charts-from': { type: 'string' },
        markdown: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readWorkloads(given: string | undefined): readonly WorkloadId[] {
  if (given === undefined) return WORKLOADS;
  const names = given.split(',');
  const unknown = names.find((name) => !WORKLOADS.some((workload) => workload === name));
  if (unknown !== undefined) throw new UsageError(`--workloads: there is no ${unknown}`);
  return WORKLOADS.filter((workload) => names.includes(workload));
}

function readCount(name: string, given: string): number {
  if (!/^[1-9]\d{0,2}$/.test(given)) throw new UsageError(`--${name} ${given} is not a whole number from 1`);
  return Number(given);
}
