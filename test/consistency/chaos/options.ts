import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { DIRECTED_FAULTS } from './bugs/directed-faults.js';
import type { Fault } from './faults/fault.js';
import { FAULTS } from './faults/faults.js';

export const HELP = `npm run chaos -- [--faults a,b] [--seeds N] [--seed N] [--minutes N] [--short] [--together] [--lanes N]

Runs real servers with people at work, lets things go wrong, and checks every promise.

  --faults   which faults, separated by commas; all of them unless given
  --seeds    how many runs of each fault (5)
  --seed     the seed of the first run; the next ones count up from it (a random one, which is printed)
  --minutes  begin no new run after so many minutes
  --short    as in the tests: shorter faults and less traffic
  --together one after the other on the same servers, where that can be
  --lanes    how many runs at the same time (1)

${FAULTS.map(({ name, sentence }) => `  ${name.padEnd(28)}${sentence}`).join('\n')}
`;

export interface ChaosOptions {
  faults: readonly Fault[];
  seeds: number;
  seed: number;
  minutes: number;
  short: boolean;
  together: boolean;
  lanes: number;
}

/** What the command line cannot mean. */
export class UsageError extends Error {}

/** The options; null when help is asked for. @throws UsageError */
export function parseOptions(args: readonly string[]): ChaosOptions | null {
  const { values } = parse(args);
  if (values.help === true) return null;
  return {
    faults: values.faults === undefined ? FAULTS : values.faults.split(',').map(findFault),
    seeds: toCount('seeds', values.seeds ?? '5'),
    seed: toCount('seed', values.seed ?? String(randomInt(1, 2 ** 30))),
    minutes: values.minutes === undefined ? Infinity : toCount('minutes', values.minutes),
    short: values.short ?? false,
    together: values.together ?? false,
    lanes: toCount('lanes', values.lanes ?? '1'),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        faults: text,
        seeds: text,
        seed: text,
        minutes: text,
        lanes: text,
        short: flag,
        together: flag,
        help: flag,
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function findFault(name: string): Fault {
  const fault = [...FAULTS, ...DIRECTED_FAULTS].find((one) => one.name === name);
  if (fault === undefined) throw new UsageError(`There is no fault "${name}"; --help lists them`);
  return fault;
}

function toCount(name: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1 && count < 2 ** 31) return count;
  throw new UsageError(`--${name} must be a whole number from 1, and is ${text}`);
}
