import type { PresenceState } from '@parley/contracts';

/** One state for all devices of a person: active beats away, away beats offline. */
export function aggregateStates(states: Iterable<PresenceState>): PresenceState {
  let aggregate: PresenceState = 'offline';
  for (const state of states) {
    if (state === 'active') return 'active';
    if (state === 'away') aggregate = 'away';
  }
  return aggregate;
}
