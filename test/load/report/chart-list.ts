import { PACED, SATURATED } from '../workloads/w2-fan-out.js';
import type { WorkloadId } from '../workloads/workload.js';

/** One number of everything that a workload measured it of. */
export interface Chart {
  /** Of its file, after `bench-`. */
  name: string;
  title: string;
  workload: WorkloadId;
  metric: string;
  /** How the cases end that it shows; all of them unless given. */
  cases?: string;
}

export const CHARTS: readonly Chart[] = [
  { name: 'durable-send', title: 'Acknowledged messages per second', workload: 'w1', metric: 'ackedPerSecond' },
  { name: 'fan-out', title: 'Deliveries per second', workload: 'w2', metric: 'deliveriesPerSecond', cases: SATURATED },
  { name: 'fan-out-delay', title: 'Delivery, 99th percentile', workload: 'w2', metric: 'deliveryP99', cases: PACED },
  { name: 'idle-memory', title: 'Memory of an idle socket', workload: 'w3', metric: 'rssPerSocket' },
  { name: 'connects', title: 'Connects per second', workload: 'w3', metric: 'connectsPerSecond' },
  { name: 'history', title: 'Pages of 50 messages per second', workload: 'w4', metric: 'pagesPerSecond' },
  { name: 'list-and-sync', title: 'List and sync, 99th percentile', workload: 'w5', metric: 'requestP99' },
  { name: 'mixed', title: 'CPU of a thousand deliveries', workload: 'w6', metric: 'cpuPer1000Deliveries' },
  {
    name: 'start',
    title: 'From the start of the process until it is ready',
    workload: 'start',
    metric: 'readySeconds',
  },
];

/** The name of its file. */
export function fileOf({ name }: Chart): string {
  return `bench-${name}.svg`;
}
