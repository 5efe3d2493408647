import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Conversations of the person who has many. */
  conversations: number;
  /** Messages in each of them. */
  messages: number;
  /** How often everything is measured. */
  rounds: number;
  /** A PostgreSQL where a database may be made. */
  databaseUrl: string;
}

/** The command line, or what it needs around it, is wrong. */
export class UsageError extends Error {}

/** Fewer would not show what a delta and a new start cost. */
const MESSAGES_MIN = 300;
/** A page of the list, and so many again that are not on it. */
const CONVERSATIONS_MIN = 100;
const ROUNDS_MIN = 5;

export const HELP = `Measures what sync costs: by what was missed, and by how much there is.

  DATABASE_URL=postgres://… npm run bench:sync -- [options]

  --conversations N   of the person who has many (default 200, at least ${CONVERSATIONS_MIN})
  --messages N        in each of them (default 1000, at least ${MESSAGES_MIN})
  --rounds N          measurements of each case (default 7, at least ${ROUNDS_MIN})
  --help              show this

It makes a database of its own at DATABASE_URL, starts a server on it, fills it, measures over HTTP, and
drops the database at the end. A thousand conversations of ten thousand messages take about 4 GB and some minutes.
`;

/**
 * Reads the command line; null when help is asked for.
 * @throws UsageError
 */
export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv): BenchOptions | null {
  const values = parse(args);
  if (values.help === true) return null;
  return {
    conversations: readCount('conversations', values.conversations ?? '200', CONVERSATIONS_MIN),
    messages: readCount('messages', values.messages ?? '1000', MESSAGES_MIN),
    rounds: readCount('rounds', values.rounds ?? '7', ROUNDS_MIN),
    databaseUrl: readUrl(env['DATABASE_URL']),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        conversations: { type: 'string' },
        messages: { type: 'string' },
        rounds: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readCount(name: string, given: string, min: number): number {
  if (!/^\d{1,6}$/.test(given) || Number(given) < min) {
    throw new UsageError(`--${name} ${given} is not a whole number from ${min}`);
  }
  return Number(given);
}

function readUrl(given: string | undefined): string {
  if (given !== undefined && /^postgres(ql)?:\/\//.test(given) && URL.canParse(given)) return given;
  throw new UsageError('DATABASE_URL has to name a PostgreSQL where a database may be made');
}
