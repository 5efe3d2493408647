import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FLAGS = new URL('../dist/runtime-flags.js', import.meta.url).href;

/** What the program asks of V8 itself. */
const V8_OPTIONS = ['--allow-natives-syntax'];

/**
 * Lets many objects outlive collections, and says whether a new one of their kind is old at birth. V8 counts who
 * lives long where code is not optimized, and makes use of it where it is: so that comes last.
 */
const PROGRAM = `
  const ask = (name) => new Function('it', 'return %' + name + '(it)');
  const make = (number) => ({ number, part: { number } });
  ask('PrepareFunctionForOptimization')(make);
  const kept = [];
  for (let round = 0; round < 200; round += 1) {
    ask('DeoptimizeFunction')(make);
    const made = [];
    for (let number = 0; number < 20_000; number += 1) made.push(make(number));
    kept.push(made);
    if (kept.length > 20) kept.shift();
  }
  ask('OptimizeFunctionOnNextCall')(make);
  console.log(!ask('InYoungGeneration')(make(0)));
`;

describe('what the server tells V8', () => {
  const isOldAtBirth = async (before: string): Promise<boolean> => {
    const { stdout } = await run(process.execPath, [
      ...V8_OPTIONS,
      '--input-type=module',
      '--eval',
      `${before}\n${PROGRAM}`,
    ]);
    return stdout.trim() === 'true';
  };

  it('keeps objects from being made where garbage is looked for rarely, because others like them lived long', async () => {
    expect(await isOldAtBirth(`(await import('${FLAGS}')).tuneRuntime();`)).toBe(false);
  });

  it('is still needed: without it V8 does make them there', async () => {
    expect(await isOldAtBirth('')).toBe(true);
  });
});
