import { crashPoints } from './crash-points.js';
import { reconnectStorm, slowConsumer } from './crowds.js';
import {
  cutPostgres,
  killPostgres,
  lockHeads,
  stallPostgres,
  stopPostgres,
  terminateConnections,
} from './databases.js';
import type { Fault } from './fault.js';
import { absentClients, calm, churn, halfOpenClients, resetClients, stalledClients } from './networks.js';
import { killNode, killServer, rollingRestart, stopServer } from './servers.js';
import { diskFull, statementTimeout } from './troubled-table.js';

/** All faults, in the order in which they are run. */
export const FAULTS: readonly Fault[] = [
  calm,
  killServer,
  stopServer,
  killNode,
  rollingRestart,
  stopPostgres,
  killPostgres,
  terminateConnections,
  cutPostgres,
  stallPostgres,
  lockHeads,
  statementTimeout,
  diskFull,
  resetClients,
  halfOpenClients,
  stalledClients,
  absentClients,
  reconnectStorm,
  slowConsumer,
  churn,
  ...crashPoints,
];
