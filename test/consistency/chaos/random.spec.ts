import { Random } from './random.js';

describe('random choices', () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.between(1, 6));
  };

  it('are the same for the same seed, and others for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('stay within their bounds', () => {
    expect(draw(7).every((value) => value >= 1 && value <= 6)).toBe(true);
  });

  it('follow their weights', () => {
    const random = new Random(1);
    const counts = { often: 0, never: 0 };
    for (let times = 0; times < 100; times += 1) counts[random.weighted({ often: 1, never: 0 })] += 1;
    expect(counts).toEqual({ often: 100, never: 0 });
  });

  it('make ids that the server takes', () => {
    expect(new Random(1).uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
