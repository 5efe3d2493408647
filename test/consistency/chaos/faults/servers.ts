import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.js';

export const killServer: Fault = {
  name: 'kill-server',
  sentence: 'the server is killed (SIGKILL) and started again; its PostgreSQL is left behind and taken over',
  topology: { database: 'embedded' },
  async inject({ arena: { node } }) {
    await node.kill('SIGKILL');
    await node.restart();
  },
};

export const stopServer: Fault = {
  name: 'stop-server',
  sentence: 'the server is stopped (SIGTERM), drains, and is started again',
  topology: { database: 'embedded' },
  async inject({ arena: { node } }) {
    await node.kill('SIGTERM');
    await node.restart();
  },
};

/** P9: a node's leases run out after 15 s, and 12 s of grace follow. */
const PRESENCE_MS = 34_000;

export const killNode: Fault = {
  name: 'kill-node',
  sentence: 'one of two nodes is killed and stays away until everybody has been told who is gone; then it comes back',
  topology: { nodes: 2 },
  async inject({ arena, recordPresence, short }) {
    await arena.node.kill('SIGKILL');
    await pause(short ? 1_000 : PRESENCE_MS);
    await recordPresence();
    await arena.node.restart();
  },
};

export const rollingRestart: Fault = {
  name: 'rolling-restart',
  sentence: 'two nodes are stopped (SIGTERM) and started again, one after the other',
  topology: { nodes: 2 },
  async inject({ arena, progress }) {
    for (const node of arena.nodes) {
      await node.kill('SIGTERM');
      await node.restart();
      await progress(10);
    }
  },
};
