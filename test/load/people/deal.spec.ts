import { deal } from './deal.js';

const PEOPLE = Array.from({ length: 60 }, (_, index) => index);

function countsOf(groups: readonly number[][]): Set<number> {
  return new Set(PEOPLE.map((person) => groups.filter((group) => group.includes(person)).length));
}

describe('dealing people out to groups', () => {
  it('puts everybody into equally many', () => {
    const groups = deal(
      PEOPLE,
      Array.from({ length: 40 }, () => 30),
    );
    expect(countsOf(groups)).toEqual(new Set([20]));
  });

  it('puts nobody into a group twice, whatever its size', () => {
    const sizes = [59, 2, 60, 7, 31, 59, 58, 1];
    const groups = deal(PEOPLE, sizes);
    expect(groups.map((group) => new Set(group).size)).toEqual(sizes);
    const counts = [...countsOf(groups)];
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('cannot fill a group with more people than there are', () => {
    expect(() => deal(PEOPLE, [61])).toThrow();
  });
});
