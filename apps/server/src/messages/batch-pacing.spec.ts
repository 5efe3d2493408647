import { jest } from '@jest/globals';
import { BatchPacing } from './batch-pacing.js';

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

  /** So many milliseconds after a batch of `written` messages, which took 1 ms, the next one begins. */
  async function restAfter(written: number, { waiting = 0, took = 1, meanwhile = () => {} } = {}): Promise<number> {
    const begunAt = performance.now();
    jest.advanceTimersByTime(took);
    const over = { at: Infinity };
    const rest = pacing.rest(begunAt, written, waiting).then(() => {
      over.at = performance.now();
    });
    await jest.advanceTimersByTimeAsync(0);
    meanwhile();
    await jest.advanceTimersByTimeAsync(0);
    while (over.at === Infinity) await jest.advanceTimersByTimeAsync(1);
    await rest;
    return over.at - begunAt - took;
  }

  it('begins the next batch 5 ms after a small one began, where many people write', async () => {
    send(24);
    expect(await restAfter(1)).toBe(4);
    expect(await restAfter(7, { took: 3 })).toBe(2);
    expect(await restAfter(7, { took: 6 })).toBe(0);
  });

  it('lets a few people wait for nobody, however much they write', async () => {
    for (let time = 0; time < 50; time += 1) send(23);
    expect(await restAfter(1)).toBe(0);
  });

  it('does not wait after a batch that was worth its cost, nor when the next one is', async () => {
    send(24);
    expect(await restAfter(8)).toBe(0);
    expect(await restAfter(1, { waiting: 8 })).toBe(0);
  });

  it('waits no longer when enough messages have come', async () => {
    send(24);
    expect(await restAfter(1, { meanwhile: () => pacing.note('somebody', 7) })).toBe(4);
    expect(await restAfter(1, { meanwhile: () => pacing.note('somebody', 8) })).toBe(0);
  });

  it('knows the people of the tenth of a second before this one, and not of longer ago', async () => {
    send(24);
    jest.advanceTimersByTime(100);
    send(1);
    expect(await restAfter(1)).toBe(4);
    jest.advanceTimersByTime(100);
    send(1);
    expect(await restAfter(1)).toBe(0);
    send(24);
    jest.advanceTimersByTime(200);
    send(1);
    expect(await restAfter(1)).toBe(0);
  });
});
