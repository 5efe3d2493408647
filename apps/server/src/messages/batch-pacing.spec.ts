import { jest } from '@jest/globals';
import { BatchPacing } from './batch-pacing.js';

interface Rest {
  waiting?: number;
  then?: number;
  took?: number;
  meanwhile?: () => void;
}

describe('BatchPacing', () => {
  let pacing: BatchPacing;

  beforeEach(() => {
    jest.useFakeTimers();
    pacing = new BatchPacing();
  });

  afterEach(() => jest.useRealTimers());

  const send = (people: number): void => {
    for (let person = 0; person < people; person += 1) pacing.note(`person ${person}`, 1);
  };

  /**
   * So many milliseconds after a batch, which took 1 ms unless said otherwise, the next one begins. So many wait
   * at its end, and `then` when everybody has been written to.
   */
  async function rest(after: Rest = {}): Promise<number> {
    const { waiting = 0, then = waiting, took = 1, meanwhile = () => {} } = after;
    const counts = [waiting];
    const begunAt = performance.now();
    jest.advanceTimersByTime(took);
    const over = { at: Infinity };
    const resting = pacing
      .rest(begunAt, () => counts.shift() ?? then)
      .then(() => {
        over.at = performance.now();
      });
    await jest.advanceTimersByTimeAsync(0);
    meanwhile();
    await jest.advanceTimersByTimeAsync(0);
    while (over.at === Infinity) await jest.advanceTimersByTimeAsync(1);
    await resting;
    return over.at - begunAt - took;
  }

  it('begins the next batch 5 ms after the one before began, where many people write', async () => {
    send(24);
    expect(await rest()).toBe(4);
    expect(await rest({ took: 2 })).toBe(3);
  });

  it('rests as long as the batch before took when that is longer, but does not go beyond 20 ms', async () => {
    send(24);
    expect(await rest({ took: 3 })).toBe(3);
    expect(await rest({ took: 8 })).toBe(8);
    expect(await rest({ took: 15 })).toBe(5);
    expect(await rest({ took: 25 })).toBe(0);
  });

  it('lets a few people wait for nobody, however much they write', async () => {
    for (let time = 0; time < 50; time += 1) send(23);
    expect(await rest()).toBe(0);
  });

  it('does not wait when three quarters of those who wrote lately have something in the next batch', async () => {
    send(40);
    expect(await rest({ waiting: 29 })).toBe(4);
    expect(await rest({ waiting: 30 })).toBe(0);
  });

  it('does not wait for more than 128', async () => {
    send(1_000);
    expect(await rest({ waiting: 127 })).toBe(4);
    expect(await rest({ waiting: 128 })).toBe(0);
  });

  it('does not wait when enough have come while everybody was written to', async () => {
    send(40);
    expect(await rest({ waiting: 0, then: 29 })).toBe(4);
    expect(await rest({ waiting: 0, then: 30 })).toBe(0);
  });

  it('waits no longer when enough have come', async () => {
    send(40);
    expect(await rest({ meanwhile: () => pacing.note('person 1', 29) })).toBe(4);
    expect(await rest({ meanwhile: () => pacing.note('person 1', 30) })).toBe(0);
  });

  it('knows the people of the tenth of a second before this one, and not of longer ago', async () => {
    send(24);
    jest.advanceTimersByTime(100);
    send(1);
    expect(await rest()).toBe(4);
    jest.advanceTimersByTime(100);
    send(1);
    expect(await rest()).toBe(0);
    send(24);
    jest.advanceTimersByTime(200);
    send(1);
    expect(await rest()).toBe(0);
  });
});
