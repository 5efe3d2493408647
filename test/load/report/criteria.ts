import { FIRST, BOTH_KILLED, KILLED, RESTART } from '../workloads/start-up.js';
import { caseOf, EMPTY, FULL } from '../workloads/w1-durable-send.js';
import { groupsOf, PACED, SATURATED } from '../workloads/w2-fan-out.js';
import { SIZES, sockets } from '../workloads/w3-idle-sockets.js';
import { LENGTHS, pages, type Depth } from '../workloads/w4-history.js';
import { asked } from '../workloads/w5-list-and-sync.js';
import { MIXED } from '../workloads/w6-mixed.js';
import { atLeast, atMost, beside, parleys, type Bounds, type Criterion } from './criterion.js';

const SOCKET_IO = 'bare Socket.IO';

const DURABLE_SEND: readonly Criterion[] = [
  {
    workload: 'w1',
    name: '8 open: acked/s, of bare Socket.IO',
    ...beside(SOCKET_IO, caseOf(8, EMPTY), 'ackedPerSecond'),
    ...atLeast(0.45, 0.65),
  },
  {
    workload: 'w1',
    name: '1 open: acked/s, of bare Socket.IO',
    ...beside(SOCKET_IO, caseOf(1, EMPTY), 'ackedPerSecond'),
    ...atLeast(0.35, 0.5),
  },
  {
    workload: 'w1',
    name: '1 open: ack p99 in ms',
    of: parleys(caseOf(1, EMPTY), 'ackP99'),
    ...atMost(10, 5),
  },
  {
    workload: 'w1',
    name: '8 open: acked/s with 3,000,000 rows, of the empty table',
    of: parleys(caseOf(8, FULL), 'ackedPerSecond'),
    to: parleys(caseOf(8, EMPTY), 'ackedPerSecond'),
    ...atLeast(0.45, 0.7),
  },
];

const SHARES: readonly { size: number; bounds: Bounds }[] = [
  { size: 10, bounds: atLeast(0.8, 1.4) },
  { size: 100, bounds: atLeast(2, 6) },
  { size: 1_000, bounds: atLeast(1.5, 4) },
];

const FAN_OUT: readonly Criterion[] = SHARES.flatMap(({ size, bounds }): Criterion[] => [
  {
    workload: 'w2',
    name: `groups of ${size}: deliveries/s, of bare Socket.IO`,
    ...beside(SOCKET_IO, groupsOf(size, SATURATED), 'deliveriesPerSecond'),
    ...bounds,
  },
  {
    workload: 'w2',
    name: `groups of ${size}: delivery p99 in ms at 70 %`,
    of: parleys(groupsOf(size, PACED), 'deliveryP99'),
    ...atMost(25, 10),
  },
]);

const IDLE: readonly Criterion[] = SIZES.flatMap((size): Criterion[] => [
  {
    workload: 'w3',
    name: `${sockets(size)}: RSS for each, of bare Socket.IO`,
    ...beside(SOCKET_IO, sockets(size), 'rssPerSocket'),
    ...atMost(1.3, 1.1),
  },
  {
    workload: 'w3',
    name: `${sockets(size)}: heap for each, of bare Socket.IO`,
    ...beside(SOCKET_IO, sockets(size), 'heapPerSocket'),
    ...atMost(1.3, 1.1),
  },
  {
    workload: 'w3',
    name: `${sockets(size)}: connects/s, of bare Socket.IO`,
    ...beside(SOCKET_IO, sockets(size), 'connectsPerSecond'),
    ...atLeast(0.5, 0.7),
  },
]);

const DEPTHS: readonly Depth[] = ['newest page', 'deep page'];

const HISTORY: readonly Criterion[] = DEPTHS.flatMap((depth): Criterion[] => [
  ...LENGTHS.map((length): Criterion => ({
    workload: 'w4',
    name: `${pages(depth, length)}: pages/s, of bare SQL`,
    ...beside('bare PostgreSQL', pages(depth, length), 'pagesPerSecond'),
    ...atLeast(0.2, 0.3),
  })),
  {
    workload: 'w4',
    name: `${depth}: pages/s with 1,000,000 messages, of those with 1,000`,
    of: parleys(pages(depth, 1_000_000), 'pagesPerSecond'),
    to: parleys(pages(depth, 1_000), 'pagesPerSecond'),
    ...atLeast(0.85, 0.95),
  },
]);

/**
 * From 100 to 1,000 conversations the page of the list stays what it is, and a sync carries five times the
 * cursors (500 is the most there may be).
 */
const LIST_AND_SYNC: readonly Criterion[] = (['list', 'sync'] as const).flatMap((question): Criterion[] => [
  {
    workload: 'w5',
    name: `${question}: p99 with 1,000 conversations, of that with 100`,
    of: parleys(asked(question, 1_000), 'requestP99'),
    to: parleys(asked(question, 100), 'requestP99'),
    ...(question === 'list' ? atMost(1.5, 1.2) : atMost(5, 2.5)),
  },
  {
    workload: 'w5',
    name: `${question}: SQL statements with 1,000 conversations, of those with 10`,
    of: parleys(asked(question, 1_000), 'statements'),
    to: parleys(asked(question, 10), 'statements'),
    ...atMost(1, 1),
  },
]);

const MIXED_LIFE: readonly Criterion[] = [
  {
    workload: 'w6',
    name: 'CPU s/1,000 deliveries, of bare Socket.IO',
    ...beside(SOCKET_IO, MIXED, 'cpuPer1000Deliveries'),
    ...atMost(1.8, 1.4),
  },
  {
    workload: 'w6',
    name: 'delivery p99 in ms',
    of: parleys(MIXED, 'deliveryP99'),
    ...atMost(25, 12),
  },
  {
    workload: 'w6',
    name: 'growth of the heap in KB/min',
    of: parleys(MIXED, 'heapGrowth'),
    ...atMost(200, 50),
  },
];

const STARTS: readonly Criterion[] = [FIRST, RESTART, KILLED, BOTH_KILLED].map((name) => ({
  workload: 'start',
  name: `${name}: ready after s`,
  of: parleys(name, 'readySeconds'),
  // A first start makes a database, which is not asked to be as fast.
  ...(name === FIRST ? atMost(10, 5) : atMost(3, 3)),
}));

/** Everything that is asked of Parley. */
export const CRITERIA: readonly Criterion[] = [
  ...DURABLE_SEND,
  ...FAN_OUT,
  ...IDLE,
  ...HISTORY,
  ...LIST_AND_SYNC,
  ...MIXED_LIFE,
  ...STARTS,
];
