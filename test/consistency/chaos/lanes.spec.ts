import { inLanes } from './lanes.js';

describe('work in lanes', () => {
  it('is done so many pieces at a time, with results in the order of the pieces', async () => {
    let running = 0;
    let most = 0;
    const piece = (value: number) => async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return value;
    };
    expect(await inLanes([1, 2, 3, 4].map(piece), 2)).toEqual([1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it('comes to its end everywhere before a failure is told', async () => {
    const done: string[] = [];
    const failing = async (): Promise<void> => Promise.reject(new Error('on purpose'));
    const other = async (): Promise<void> => void done.push('the other');
    await expect(inLanes([failing, other], 1)).rejects.toThrow('on purpose');
    expect(done).toEqual(['the other']);
  });
});
