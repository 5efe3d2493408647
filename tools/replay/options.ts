import { parseArgs } from 'node:util';

export interface CliOptions {
  file: string;
  url: string;
  /** How many times faster than the log's clock; null for as fast as possible. */
  speed: number | null;
  limit: number | undefined;
}

/** The command line is wrong. */
export class UsageError extends Error {}

export const HELP = `Plays a real conversation against a running Parley server, and compares what became of it.

  npm run replay -- FILE [options]

FILE is a log in JSON lines: {"minute":"04:46","nick":"ada","kind":"message","text":"hello"}, where kind is
message, action, join, leave or rename (text is the new nick then).

  --url URL              the server (default http://127.0.0.1:3000)
  --speed FACTOR | max   1 is real time by the log's clock, 60 is sixty times faster (default max)
  --limit N              play the first N lines only
  --help                 show this

Exits with 0 when everything is exactly as in the log, 1 when something differs, 2 when the command line
or the log is wrong or the server does not answer, 130 when it was stopped.

How a log becomes a conversation:
  Each person is registered anew and connected over a socket of their own; all are in one group.
  An action is sent as "/me …". A rename changes the display name. Joins and leaves change the members.
  Whoever speaks without having joined was there from the start, or, under a nick that somebody else
  had before, comes in at that line. A nick belongs to one person at a time: whoever bears a nick that is
  taken over leaves. Texts longer than a message go on in the next one. Texts are compared in NFC.
  Words that no message can hold (blank, NUL, half a surrogate pair) are left out, and listed; so are lines
  with a blank nick and renames to one.
`;

/**
 * Reads the command line; null when help is asked for.
 * @throws UsageError
 */
export function parseOptions(args: readonly string[]): CliOptions | null {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('give one FILE');
  return {
    file,
    url: readUrl(values.url ?? 'http://127.0.0.1:3000'),
    speed: readSpeed(values.speed ?? 'max'),
    limit: values.limit === undefined ? undefined : readLimit(values.limit),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        speed: { type: 'string' },
        limit: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError(`--url ${given} is not an http address`);
  return url.origin;
}

function readSpeed(given: string): number | null {
  if (given === 'max') return null;
  const speed = Number(given);
  if (given.trim() === '' || !Number.isFinite(speed) || speed <= 0) {
    throw new UsageError(`--speed ${given} is neither a positive number nor max`);
  }
  return speed;
}

function readLimit(given: string): number {
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new UsageError(`--limit ${given} is not a positive whole number`);
  return Number(given);
}
