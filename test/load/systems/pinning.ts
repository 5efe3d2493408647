import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which core serves and which one makes the load. */
const SERVER_CORE = '0';
const LOAD_CORE = '1';

const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/** How servers and load are kept apart, in words for the report. */
export const PINNING = canPin
  ? `server and PostgreSQL on core ${SERVER_CORE}, load generator on core ${LOAD_CORE}`
  : 'nothing is pinned: taskset or a second core is missing';

/** A command that runs on the servers' core, with all that it starts. */
export function onServerCore(file: string, args: readonly string[]): { file: string; args: string[] } {
  return canPin ? { file: 'taskset', args: ['-c', SERVER_CORE, file, ...args] } : { file, args: [...args] };
}

/** Puts this process, with all its threads, on the core of the load. */
export function moveToLoadCore(): void {
  if (canPin) spawnSync('taskset', ['-a', '-p', '-c', LOAD_CORE, String(process.pid)]);
}
