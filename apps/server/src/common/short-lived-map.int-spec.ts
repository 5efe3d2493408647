import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MODULE = new URL('../../dist/common/short-lived-map.js', import.meta.url).href;

/** Lets a hundred thousand lists come and go, a hundred at a time, and says how many bytes of garbage grew old. */
const PROGRAM = `
  import { getHeapSpaceStatistics } from 'node:v8';
  const countOld = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space').space_used_size;
  const pass = (number) => {
    map.set(number, Array.from({ length: 20 }, () => number));
    map.delete(number - 100);
  };
  let number = 0;
  for (; number < 500; number += 1) pass(number);
  gc();
  gc();
  const before = countOld();
  for (; number < 100_000; number += 1) {
    pass(number);
    if (number % 2_000 === 0) gc({ type: 'minor' });
  }
  console.log(countOld() - before);
`;

describe('what comes and goes in a map', () => {
  const growth = async (map: string): Promise<number> => {
    // With room enough that no full collection happens in between.
    const options = ['--expose-gc', '--initial-old-space-size=1000', '--input-type=module'];
    const { stdout } = await run(process.execPath, [...options, '--eval', `${map}\n${PROGRAM}`]);
    return Number(stdout);
  };

  it('grows old in a plain Map, and hardly in a ShortLivedMap', async () => {
    const plain = await growth('const map = new Map();');
    const shortLived = await growth(`import { ShortLivedMap } from '${MODULE}'; const map = new ShortLivedMap();`);
    expect(shortLived).toBeLessThan(plain / 10);
  });
});
