import { jest } from '@jest/globals';
import { BatchedReads } from './batched-reads.js';

const GATHER_MS = 20;
/** Longer than somebody who gathers waits for another question. */
const QUIET_MS = 8;

describe('BatchedReads', () => {
  /** The queries that have begun, each with how to end it. */
  let queries: { keys: readonly number[]; end: (failure?: Error) => Promise<void> }[];
  let reads: BatchedReads<number, string>;

  beforeEach(() => {
    jest.useFakeTimers();
    queries = [];
    reads = new BatchedReads(
      GATHER_MS,
      (keys) =>
        new Promise((resolve, reject) => {
          const end = async (failure?: Error): Promise<void> => {
            if (failure === undefined) resolve(keys.map((key) => `value ${key}`));
            else reject(failure);
            await jest.advanceTimersByTimeAsync(0);
          };
          queries.push({ keys, end });
        }),
    );
  });
  afterEach(() => jest.useRealTimers());

  const begun = (): (readonly number[])[] => queries.map(({ keys }) => keys);
  const pass = (): Promise<void> => jest.advanceTimersByTimeAsync(GATHER_MS);

  it('answers who asks alone at once', async () => {
    const first = reads.ask(1);
    expect(begun()).toEqual([[1]]);
    await queries[0]?.end();
    expect(await first).toBe('value 1');
    await pass();
    void reads.ask(2);
    expect(begun()).toEqual([[1], [2]]);
  });

  it('asks for all together what many ask in a moment, whether or not the first has its answer', async () => {
    const answers = Promise.all([1, 2, 3].map((key) => reads.ask(key)));
    await queries[0]?.end();
    const others = Promise.all([4, 5].map((key) => reads.ask(key)));
    expect(begun()).toEqual([[1]]);
    await pass();
    expect(begun()).toEqual([[1], [2, 3, 4, 5]]);
    await queries[1]?.end();
    expect(await answers).toEqual(['value 1', 'value 2', 'value 3']);
    expect(await others).toEqual(['value 4', 'value 5']);
  });

  it('waits no longer when nobody else has asked for a moment, and on while somebody does', async () => {
    void reads.ask(1);
    for (const key of [2, 3, 4]) {
      void reads.ask(key);
      await jest.advanceTimersByTimeAsync(3);
    }
    expect(begun()).toEqual([[1]]);
    await jest.advanceTimersByTimeAsync(QUIET_MS);
    expect(begun()).toEqual([[1], [2, 3, 4]]);
  });

  it('never answers from a query that had begun before the question', async () => {
    void reads.ask(1);
    const again = reads.ask(1);
    await pass();
    expect(begun()).toEqual([[1], [1]]);
    await queries[1]?.end();
    expect(await again).toBe('value 1');
  });

  it('fails for those whose query failed, and goes on with the others', async () => {
    const answers = Promise.allSettled([1, 2].map((key) => reads.ask(key)));
    await queries[0]?.end(new Error('The database has gone'));
    await pass();
    await queries[1]?.end();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('has two queries under way and no more, however long they take', async () => {
    void reads.ask(1);
    void reads.ask(2);
    await pass();
    const last = reads.ask(3);
    await pass();
    expect(begun()).toEqual([[1], [2]]);
    await queries[0]?.end();
    expect(begun()).toEqual([[1], [2], [3]]);
    await queries[2]?.end();
    expect(await last).toBe('value 3');
  });

  it('does not wait for more when a query would become too large', async () => {
    const answers = Promise.all(Array.from({ length: 450 }, (_, key) => reads.ask(key)));
    expect(begun().map((keys) => keys.length)).toEqual([1, 200]);
    await queries[0]?.end();
    await queries[1]?.end();
    await pass();
    expect(begun().map((keys) => keys.length)).toEqual([1, 200, 200, 49]);
    await queries[2]?.end();
    await queries[3]?.end();
    expect(await answers).toHaveLength(450);
  });
});
