import type { PresenceState } from '@parley/contracts';
import { aggregateStates } from './aggregate-states.js';

describe('aggregateStates', () => {
  const cases: [PresenceState, PresenceState[]][] = [
    ['offline', []],
    ['offline', ['offline', 'offline']],
    ['away', ['offline', 'away']],
    ['away', ['away', 'away']],
    ['active', ['active']],
    ['active', ['away', 'active', 'offline']],
    ['active', ['active', 'away']],
  ];

  it.each(cases)('is %s for devices that are %j', (expected, states) => {
    expect(aggregateStates(states)).toBe(expected);
  });
});
