import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FLAGS = new URL('../dist/runtime-flags.js', import.meta.url).href;

/** V8 compiles while the program waits, so that what it finds out does not depend on how busy the machine is. */
const V8_OPTIONS = ['--allow-natives-syntax', '--no-concurrent-recompilation'];

/** Lets many objects outlive collections, and says whether new ones of their kind are old at birth, ever. */
const PROGRAM = `
  const isYoung = new Function('object', 'return %InYoungGeneration(object)');
  const make = (number) => ({ number, part: { number } });
  const kept = [];
  let oldAtBirth = false;
  for (let round = 0; round < 200 && !oldAtBirth; round += 1) {
    const made = [];
    for (let number = 0; number < 20_000; number += 1) made.push(make(number));
    kept.push(made);
    if (kept.length > 8) kept.shift();
    for (let number = 0; number < 100; number += 1) oldAtBirth ||= !isYoung(make(number));
  }
  console.log(oldAtBirth);
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
