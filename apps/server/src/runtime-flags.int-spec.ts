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

/** Keeps so much, and so much of it new, that V8 has to look for old garbage again and again. */
const GROWING = `
  const kept = [];
  for (let round = 0; round < 100; round += 1) {
    for (let number = 0; number < 20_000; number += 1) kept[(round * 7 + number * 31) % 1_000_000] = { part: { number } };
    await new Promise((resolve) => setImmediate(resolve));
  }
`;

/** What V8 says of its looking: that it begins, and that other threads have found something since. */
const LOOKS = /\[IncrementalMarking\]/;
const OTHERS_HAVE_LOOKED = /\bconcurrent [1-9]\d*KB|Marked [1-9]\d*KB on background threads/;

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

  const looking = async (before: string): Promise<string> => {
    const options = ['--trace-incremental-marking', '--input-type=module', '--eval', `${before}\n${GROWING}`];
    return (await run(process.execPath, options, { maxBuffer: 64 * 1_024 * 1_024 })).stdout;
  };

  it('lets no other thread look for old garbage on one core', async () => {
    const said = await looking(`(await import('${FLAGS}')).tuneRuntime(1);`);
    expect(said).toMatch(LOOKS);
    expect(said).not.toMatch(OTHERS_HAVE_LOOKED);
  });

  it('leaves that to other threads where there are more cores', async () => {
    expect(await looking(`(await import('${FLAGS}')).tuneRuntime(2);`)).toMatch(OTHERS_HAVE_LOOKED);
  });
});
