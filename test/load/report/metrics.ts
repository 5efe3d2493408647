/** How a number is called and written. */
export interface Metric {
  title: string;
  digits: number;
}

/** Every metric, in the order of its column. */
export const METRICS: Readonly<Record<string, Metric>> = {
  ackedPerSecond: { title: 'acked/s', digits: 0 },
  deliveriesPerSecond: { title: 'deliveries/s', digits: 0 },
  rowsPerSecond: { title: 'rows/s', digits: 0 },
  ackP50: { title: 'ack p50 ms', digits: 1 },
  ackP99: { title: 'ack p99 ms', digits: 1 },
  deliveryP50: { title: 'delivery p50 ms', digits: 1 },
  deliveryP99: { title: 'delivery p99 ms', digits: 1 },
  medianSecondP99: { title: 'delivery p99 ms of the median second', digits: 1 },
  cpuPer1000Messages: { title: 'CPU s/1,000 messages', digits: 4 },
  cpuPer1000Deliveries: { title: 'CPU s/1,000 deliveries', digits: 4 },
  pagesPerSecond: { title: 'pages/s', digits: 0 },
  requestsPerSecond: { title: 'requests/s', digits: 0 },
  requestP50: { title: 'p50 ms', digits: 1 },
  requestP99: { title: 'p99 ms', digits: 1 },
  statements: { title: 'SQL statements', digits: 0 },
  cpuPer1000Requests: { title: 'CPU s/1,000 requests', digits: 3 },
  heapMiB: { title: 'heap MiB at the end', digits: 1 },
  heapGrowth: { title: 'heap growth KB/min', digits: 0 },
  rssGrowth: { title: 'RSS growth KB/min', digits: 0 },
  readySeconds: { title: 'ready after s', digits: 2 },
  rssPerSocket: { title: 'RSS KB/socket', digits: 1 },
  heapPerSocket: { title: 'heap KB/socket', digits: 1 },
  connectsPerSecond: { title: 'connects/s', digits: 0 },
  restartSeconds: { title: 'all back after a restart, s', digits: 1 },
  reconnectSeconds: { title: 'of which reconnecting, s', digits: 1 },
  loadBusy: { title: 'load busy', digits: 2 },
};

/** Above this the load generator may have been what was measured. */
export const BUSY_MAX = 0.9;
