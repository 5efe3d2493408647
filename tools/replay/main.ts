import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { RefusedError, UnreachableError } from './api.js';
import { LogError, parseLog } from './log.js';
import { HELP, parseOptions, UsageError } from './options.js';
import { Progress } from './progress.js';
import { formatReport } from './report.js';
import { Replay } from './replay.js';
import { toScript } from './script.js';

const EXACT = 0;
const DIFFERENT = 1;
const UNUSABLE = 2;
const STOPPED = 130;

const SAME_INTERRUPT_MS = 1_000;

/** The command line of the replay. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    process.stdout.write(HELP);
    return EXACT;
  }
  const script = toScript(parseLog(readLog(options.file), options.limit));
  const stopped = new AbortController();
  onInterrupt(() => stopped.abort(new StoppedError()));
  const progress = new Progress(process.stderr);
  const replay = new Replay(script, { ...options, title: basename(options.file), progress, signal: stopped.signal });
  const result = await replay.run();
  process.stdout.write(formatReport(script, result));
  return result.differences.length === 0 ? EXACT : DIFFERENT;
}

class StoppedError extends Error {
  override readonly message = 'stopped before the end: nothing was compared';
}

/**
 * Ctrl-C stops the replay in order; another one, a while later, at once. A terminal and npm may each
 * send the first one, so two in a row count as one.
 */
function onInterrupt(stop: () => void): void {
  let stoppedAt: number | null = null;
  process.on('SIGINT', () => {
    if (stoppedAt !== null && performance.now() - stoppedAt > SAME_INTERRUPT_MS) process.exit(STOPPED);
    if (stoppedAt !== null) return;
    stoppedAt = performance.now();
    stop();
  });
}

function readLog(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function toExitCode(error: unknown): number {
  if (error instanceof StoppedError) return STOPPED;
  if (error instanceof RefusedError) return DIFFERENT;
  return UNUSABLE;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = [LogError, UsageError, UnreachableError, RefusedError, StoppedError].some(
    (type) => error instanceof type,
  );
  const text = error instanceof Error ? ((known ? error.message : error.stack) ?? error.message) : String(error);
  process.stderr.write(`\nreplay: ${text}\n${error instanceof UsageError ? '\nTry --help.\n' : ''}`);
  process.exitCode = toExitCode(error);
}
