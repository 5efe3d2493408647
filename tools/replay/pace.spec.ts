import { timeEvents } from './pace.js';

const at = (...minutes: number[]): number[] =>
  timeEvents(minutes.map((minute, index) => ({ line: index + 1, minute, nick: 'ada', kind: 'message', text: 'x' })));

describe('the pace of a log', () => {
  it('spreads the events of a minute evenly over it', () => {
    expect(at(10, 10, 10, 11, 13, 13)).toEqual([0, 20_000, 40_000, 60_000, 180_000, 210_000]);
  });

  it('goes on after midnight', () => {
    expect(at(1439, 0, 1)).toEqual([0, 60_000, 120_000]);
  });

  it('stands still when the clock steps back', () => {
    expect(at(10, 10, 9, 11)).toEqual([0, 30_000, 30_000, 60_000]);
  });
});
