import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runNode } from './lib/child.mjs';
import { inRoot, main, requireNode, SetupError } from './lib/workspace.mjs';

const RUNS = 2_000;

/**
 * `npm run check:programs [-- --runs N] [-- --seed N]`: random programs of several people and devices, many
 * more than `npm test` runs, and other ones each time. The seed, which is printed, brings the same again.
 */
await main(async () => {
  requireNode();
  const { runs, seed } = readOptions();
  process.stdout.write(`${runs} random programs, from seed ${seed}\n`);
  process.exitCode = await runNode([inRoot('scripts/test.mjs'), 'test/consistency/programs'], {
    env: { ...process.env, PARLEY_PROGRAM_RUNS: String(runs), PARLEY_PROGRAM_SEED: String(seed) },
  });
});

function readOptions() {
  try {
    const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
    return { runs: toCount('runs', values.runs ?? RUNS), seed: toCount('seed', values.seed ?? randomInt(1, 2 ** 31)) };
  } catch (error) {
    throw error instanceof SetupError ? error : new SetupError(error.message);
  }
}

function toCount(name, value) {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1 || count >= 2 ** 31) {
    throw new SetupError(`--${name} must be a whole number from 1, and is ${value}`);
  }
  return count;
}
