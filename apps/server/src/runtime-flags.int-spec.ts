import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FLAGS = new URL('../dist/runtime-flags.js', import.meta.url).href;

/** Lets many objects outlive collections, and then says how many of a thousand new ones are old already. */
const PROGRAM = `
  const isYoung = new Function('object', 'return %InYoungGeneration(object)');
  const make = (number) => ({ number, part: { number } });
  const kept = [];
  for (let round = 0; round < 60; round += 1) {
    kept.push(Array.from({ length: 20_000 }, (_, number) => make(number)));
    if (kept.length > 8) kept.shift();
  }
  let old = 0;
  for (let number = 0; number < 1_000; number += 1) if (!isYoung(make(number))) old += 1;
  console.log(old);
`;

describe('what the server tells V8', () => {
  const countOldAtBirth = async (before: string): Promise<number> => {
    const program = `${before}\n${PROGRAM}`;
    const { stdout } = await run(process.execPath, [
      '--allow-natives-syntax',
      '--input-type=module',
      '--eval',
      program,
    ]);
    return Number(stdout);
  };

  it('keeps objects from being made where garbage is looked for rarely, because others like them lived long', async () => {
    expect(await countOldAtBirth(`(await import('${FLAGS}')).tuneRuntime();`)).toBe(0);
    // Without it V8 does just that; should it stop, the flag has become needless.
    expect(await countOldAtBirth('')).toBeGreaterThan(0);
  });
});
