import { measureProcessTree, ownCpuSeconds } from '../measure/process-tree.js';
import { Samples } from '../measure/samples.js';
import type { Values } from './window.js';

/** Asks once, and resolves when the whole answer is there. `turn` grows by one with each. */
export type Ask = (turn: number) => Promise<unknown>;

/** Lets each of these ask again and again, first to warm up and then to be measured. */
export async function measureRequests(
  serverPid: number,
  askers: readonly Ask[],
  { warmUpMs, measureMs }: { warmUpMs: number; measureMs: number },
  signal: AbortSignal,
): Promise<Values> {
  await askFor(askers, warmUpMs, new Samples(), signal);
  const times = new Samples();
  const cpuBefore = measureProcessTree(serverPid)?.cpuSeconds ?? null;
  const ownBefore = ownCpuSeconds();
  const seconds = await askFor(askers, measureMs, times, signal);
  const own = ownCpuSeconds() - ownBefore;
  const cpuAfter = measureProcessTree(serverPid)?.cpuSeconds ?? null;
  return {
    requestsPerSecond: times.size / seconds,
    requestP50: times.percentile(50),
    requestP99: times.percentile(99),
    cpuPer1000Requests:
      cpuBefore === null || cpuAfter === null || times.size === 0
        ? null
        : ((cpuAfter - cpuBefore) * 1_000) / times.size,
    loadBusy: own / seconds,
  };
}

/** Returns how many seconds it took until the last one was answered. */
async function askFor(
  askers: readonly Ask[],
  milliseconds: number,
  times: Samples,
  signal: AbortSignal,
): Promise<number> {
  const begin = performance.now();
  let turn = 0;
  const keepAsking = async (ask: Ask): Promise<void> => {
    for (let at = performance.now(); at - begin < milliseconds;) {
      signal.throwIfAborted();
      turn += 1;
      await ask(turn);
      const answered = performance.now();
      times.add(answered - at);
      at = answered;
    }
  };
  await Promise.all(askers.map(keepAsking));
  return (performance.now() - begin) / 1_000;
}
