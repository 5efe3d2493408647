import { FAULTS } from './faults/faults.js';
import { parseOptions, UsageError } from './options.js';

describe('the options of `npm run chaos`', () => {
  it('are every fault with five seeds, unless said otherwise', () => {
    expect(parseOptions([])).toMatchObject({ faults: FAULTS, seeds: 5, minutes: Infinity, short: false, lanes: 1 });
  });

  it('name faults, seeds and a time', () => {
    const options = parseOptions(['--faults', 'calm,kill-server', '--seeds', '2', '--seed', '7', '--minutes', '30']);
    expect(options).toMatchObject({ seeds: 2, seed: 7, minutes: 30 });
    expect(options?.faults.map(({ name }) => name)).toEqual(['calm', 'kill-server']);
  });

  it('ask for help', () => {
    expect(parseOptions(['--help'])).toBeNull();
  });

  it.each([[['--faults', 'earthquake']], [['--seeds', '0']], [['--seed', 'x']], [['--unknown']]])(
    'cannot be %j',
    (args) => {
      expect(() => parseOptions(args)).toThrow(UsageError);
    },
  );

  it('know every fault by a name of its own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  });
});
