import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findPostgresBinaries } from '../../../apps/server/src/database/embedded/postgres-binaries.js';
import type { Results } from './results.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** On what was measured. */
export function describeMachine(): Results['machine'] {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    // Without what a distribution or a provider adds to the number.
    system: `${type()} ${release().replace(/-.*/, '')}`,
  };
}

/** What was measured. */
export function describeVersions(): Results['versions'] {
  return {
    commit: describeCommit(),
    node: process.versions.node,
    postgres: run(findPostgresBinaries().postgres, ['--version']).replace(/^postgres \(PostgreSQL\) /, ''),
    'socket.io': versionOf('socket.io'),
  };
}

/** With a mark when the files are not those of the commit. */
function describeCommit(): string {
  const commit = run('git', ['rev-parse', '--short=12', 'HEAD']);
  return run('git', ['status', '--porcelain', '--untracked-files=no']) === '' ? commit : `${commit} and changes`;
}

function versionOf(name: string): string {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** What a program prints, or nothing when it cannot be run. */
function run(file: string, args: readonly string[]): string {
  const { stdout } = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8' }) as { stdout: string | null };
  return stdout?.trim() ?? '';
}
