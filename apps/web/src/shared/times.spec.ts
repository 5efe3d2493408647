import { toDay, toDayKey } from './times.js';

const at = (day: number, hour: number) => new Date(2026, 2, day, hour).toISOString();
const NOW = new Date(2026, 2, 30, 0, 30);

describe('days', () => {
  it('are those of the calendar, not of 24 hours', () => {
    expect(toDay(at(30, 0), NOW)).toBe('Today');
    expect(toDay(at(29, 23), NOW)).toBe('Yesterday');
    // In many places the 29th of March 2026 has 23 hours.
    expect(toDay(at(28, 1), NOW)).not.toBe('Yesterday');
  });

  it('are told apart in the time zone of the person', () => {
    expect(toDayKey(at(29, 23))).not.toBe(toDayKey(at(30, 0)));
    expect(toDayKey(at(30, 0))).toBe(toDayKey(at(30, 23)));
  });
});
