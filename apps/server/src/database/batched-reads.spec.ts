import { BatchedReads } from './batched-reads.js';

describe('BatchedReads', () => {
  /** The queries that have begun, each with how to end it. */
  let queries: { keys: readonly number[]; end: (failure?: Error) => Promise<void> }[];
  let reads: BatchedReads<number, string>;

  beforeEach(() => {
    queries = [];
    reads = new BatchedReads(
      (keys) =>
        new Promise((resolve, reject) => {
          const end = async (failure?: Error): Promise<void> => {
            if (failure === undefined) resolve(keys.map((key) => `value ${key}`));
            else reject(failure);
            await new Promise((turn) => setImmediate(turn));
          };
          queries.push({ keys, end });
        }),
    );
  });

  const begun = (): (readonly number[])[] => queries.map(({ keys }) => keys);

  it('answers each question, the first ones at once and what is asked meanwhile together', async () => {
    const answers = Promise.all([1, 2, 3, 4, 5].map((key) => reads.ask(key)));
    expect(begun()).toEqual([[1], [2]]);
    await queries[1]?.end();
    expect(begun()).toEqual([[1], [2], [3, 4, 5]]);
    await queries[0]?.end();
    await queries[2]?.end();
    expect(await answers).toEqual(['value 1', 'value 2', 'value 3', 'value 4', 'value 5']);
  });

  it('never answers from a query that had begun before the question', async () => {
    void reads.ask(1);
    void reads.ask(2);
    const again = reads.ask(1);
    await queries[1]?.end();
    expect(begun()).toEqual([[1], [2], [1]]);
    await queries[2]?.end();
    expect(await again).toBe('value 1');
  });

  it('fails for those whose query failed, and goes on with the others', async () => {
    const answers = Promise.allSettled([1, 2, 3].map((key) => reads.ask(key)));
    await queries[0]?.end(new Error('The database has gone'));
    await queries[1]?.end();
    await queries[2]?.end();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('asks for so many at a time and no more', async () => {
    const answers = Promise.all(Array.from({ length: 450 }, (_, key) => reads.ask(key)));
    await queries[0]?.end();
    await queries[1]?.end();
    await queries[2]?.end();
    await queries[3]?.end();
    await queries[4]?.end();
    expect(begun().map((keys) => keys.length)).toEqual([1, 1, 200, 200, 48]);
    expect(await answers).toHaveLength(450);
  });
});
