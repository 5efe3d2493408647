import { parseStat } from './process-tree.js';

describe('the line that Linux writes about a process', () => {
  const rest = 'S 41 7 7 0 -1 4194304 1 2 3 4 100 20 3 1 20 0 11 0 12345 1000000 2500 18446744073709551615';

  it.each(['(node)', '(a (strange) name)', '(one two)'])('is read, whatever its program %s is called', (name) => {
    expect(parseStat(42, `42 ${name} ${rest}`)).toEqual({ pid: 42, parent: 41, ticks: 124, residentPages: 2_500 });
  });

  it('is nothing when the process has ended', () => {
    expect(parseStat(42, '')).toBeNull();
  });
});
