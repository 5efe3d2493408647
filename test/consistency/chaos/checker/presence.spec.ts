import type { TimedEvent } from '../history/history-event.js';
import { brokenBy } from './evidence-builder.js';

const ben = { client: "ben's client", userId: 'ben', connection: 1 };

/** What ben is shown as, so many milliseconds after his connection began or ended. */
function shown(events: TimedEvent[], state: 'active' | 'offline', at: number) {
  const processes = { exits: [], alarms: [], resources: [], unhandled: [] };
  const history: TimedEvent[] = [...events, { type: 'presence', userId: 'ben', state, at }];
  return brokenBy({ history, conversations: [], clients: [], processes });
}

const came: TimedEvent = { type: 'connected', ...ben, at: 0 };
const went: TimedEvent = { type: 'disconnected', ...ben, at: 100_000 };

describe('presence', () => {
  it('shows who is there and who is gone', () => {
    expect(shown([came], 'active', 60_000)).toEqual([]);
    expect(shown([came, went], 'offline', 160_000)).toEqual([]);
  });

  it('may not show a ghost', () => {
    expect(shown([came, went], 'active', 140_000)).toEqual(['presence']);
  });

  it('may not hide somebody', () => {
    expect(shown([came], 'offline', 60_000)).toEqual(['presence']);
  });

  it('may be late within its bound', () => {
    expect(shown([came, went], 'active', 120_000)).toEqual([]);
  });
});
