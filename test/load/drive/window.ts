import { setTimeout as delay } from 'node:timers/promises';
import { measureProcessTree, ownCpuSeconds } from '../measure/process-tree.js';
import type { ChatSystem } from '../systems/chat-system.js';
import type { Traffic } from './traffic.js';

/** How long the last answers and deliveries may take. */
const DRAINED_WITHIN_MS = 30_000;
const POLL_MS = 5;
/** Deliveries that nobody is owed would arrive within this time. */
const SILENCE_MS = 50;

/** What was measured of something, by metric; null where it cannot be measured. */
export type Values = Record<string, number | null>;

/** Lets the traffic run, first to warm up and then to be measured. */
export async function measureTraffic(
  system: ChatSystem,
  traffic: Traffic,
  { warmUpMs, measureMs }: { warmUpMs: number; measureMs: number },
  signal: AbortSignal,
): Promise<Values> {
  await delay(warmUpMs, undefined, { signal });
  traffic.clearTimes();
  const before = snapshot(system, traffic);
  await delay(measureMs, undefined, { signal });
  const after = snapshot(system, traffic);
  const seconds = (after.at - before.at) / 1_000;
  const acked = after.acked - before.acked;
  const delivered = after.delivered - before.delivered;
  const cpu = after.cpu === null || before.cpu === null ? null : after.cpu - before.cpu;
  return {
    ackedPerSecond: acked / seconds,
    deliveriesPerSecond: delivered / seconds,
    ackP50: traffic.ackTimes.percentile(50),
    ackP99: traffic.ackTimes.percentile(99),
    deliveryP50: traffic.deliveryTimes.percentile(50),
    deliveryP99: traffic.deliveryTimes.percentile(99),
    cpuPer1000Messages: cpu === null || acked === 0 ? null : (cpu * 1_000) / acked,
    cpuPer1000Deliveries: cpu === null || delivered === 0 ? null : (cpu * 1_000) / delivered,
    loadBusy: (after.ownCpu - before.ownCpu) / seconds,
  };
}

function snapshot(system: ChatSystem, { acked, delivered }: Traffic) {
  const cpu = measureProcessTree(system.pid)?.cpuSeconds ?? null;
  return { at: performance.now(), acked, delivered, cpu, ownCpu: ownCpuSeconds() };
}

/**
 * Waits for what is still owed after the last send.
 * @throws Error when anything was refused, was lost, or arrived too rarely or too often.
 */
export async function drain(system: ChatSystem, traffic: Traffic, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + DRAINED_WITHIN_MS;
  while (!traffic.settled && traffic.lost.length === 0 && performance.now() < deadline) {
    await delay(POLL_MS, undefined, { signal });
  }
  await delay(SILENCE_MS, undefined, { signal });
  if (traffic.settled && traffic.clean) return;
  const said = system.output === '' ? '' : `\nThe server said:\n${system.output}`;
  throw new Error(`${system.name} did not deliver what it owed: ${traffic.describe()}${said}`);
}
