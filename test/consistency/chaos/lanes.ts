/**
 * Does all the work, so many pieces at a time, in their order. What fails does not keep the others from coming to
 * their end, which they need to take down what they have started.
 */
export async function inLanes<T>(pieces: readonly (() => Promise<T>)[], lanes: number): Promise<T[]> {
  const results: PromiseSettledResult<T>[] = [];
  const waiting = [...pieces.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, work] = next;
      [results[index]] = await Promise.allSettled([work()]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
