import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A path inside the clone. */
export function inRoot(...parts) {
  return join(ROOT, ...parts);
}

/** The text of a file in the clone, or null when there is none. */
export function readText(...parts) {
  try {
    return readFileSync(inRoot(...parts), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Something that went wrong and that a person can mend: told in one line, without a stack. */
export class SetupError extends Error {}

/** Refuses a Node that is older than `engines` in package.json asks for. */
export function requireNode() {
  const wanted = JSON.parse(readText('package.json')).engines.node.replace(/^>=/, '');
  if (compareVersions(process.versions.node, wanted) >= 0) return;
  throw new SetupError(
    `Parley needs Node.js ${wanted} or newer; this is ${process.versions.node} (${process.execPath})`,
  );
}

function compareVersions(left, right) {
  const theirs = right.split('.').map(Number);
  for (const [index, part] of left.split('.').map(Number).entries()) {
    if (part !== theirs[index]) return part - theirs[index];
  }
  return 0;
}

/** Runs a script's work; a failure that a person can mend is told without a stack. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
