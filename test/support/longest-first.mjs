import Sequencer from '@jest/test-sequencer';

/**
 * Begins with the tests of `test/consistency`, which take longest: begun last, one of them would run alone
 * at the end. Jest knows how long a file takes only after it has run once on the machine.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ path }) {
  if (path.endsWith('programs.e2e-spec.ts')) return 0;
  return /[\\/]consistency[\\/]/.test(path) ? 1 : 2;
}
