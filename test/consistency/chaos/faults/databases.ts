import { setTimeout as pause } from 'node:timers/promises';
import { postmasterOf, withClient } from '../arena/cluster.js';
import type { Fault } from './fault.js';

const BACK = /PostgreSQL is back/;
const BACK_WITHIN_MS = 120_000;

export const stopPostgres: Fault = {
  name: 'stop-postgres',
  sentence: 'the embedded PostgreSQL is stopped (fast shutdown); the server starts it again',
  topology: { database: 'embedded' },
  async inject({ arena }) {
    const postmaster = postmasterOf(arena.dataDir);
    await arena.node.saysAfter(() => process.kill(postmaster, 'SIGINT'), BACK, BACK_WITHIN_MS);
  },
};

export const killPostgres: Fault = {
  name: 'kill-postgres',
  sentence:
    'the embedded PostgreSQL is killed (SIGKILL of the postmaster); the server starts it again, and it recovers',
  topology: { database: 'embedded' },
  async inject({ arena }) {
    const postmaster = postmasterOf(arena.dataDir);
    await arena.node.saysAfter(() => process.kill(postmaster, 'SIGKILL'), BACK, BACK_WITHIN_MS);
  },
};

const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

export const terminateConnections: Fault = {
  name: 'terminate-connections',
  sentence: 'every connection of two nodes to PostgreSQL is terminated, again and again',
  topology: { nodes: 2 },
  async inject({ arena, random, short }) {
    await withClient(await arena.databaseUrl(), async (client) => {
      for (let times = short ? 8 : 25; times > 0; times -= 1) {
        await client.query(TERMINATE);
        await pause(random.between(20, 300));
      }
    });
  },
};

export const stallPostgres: Fault = {
  name: 'stall-postgres',
  sentence: 'no byte passes between the server and PostgreSQL for 10 s; nothing is lost on the way',
  topology: { databaseLink: true },
  async inject({ arena }) {
    arena.databaseLink!.stall();
    await pause(10_000);
    arena.databaseLink!.flow();
  },
};

export const cutPostgres: Fault = {
  name: 'cut-postgres',
  sentence: 'the connections to PostgreSQL are reset, also in the middle of a commit, and for a while there are none',
  topology: { databaseLink: true },
  async inject({ arena, random, short }) {
    for (let times = short ? 4 : 12; times > 0; times -= 1) {
      arena.databaseLink!.reset();
      await pause(random.between(20, 400));
    }
    arena.databaseLink!.down();
    await pause(short ? 1_000 : 8_000);
    arena.databaseLink!.up();
  },
};

const LOCK = 'SELECT 1 FROM conversation_heads ORDER BY conversation_id FOR UPDATE';

export const lockHeads: Fault = {
  name: 'lock-heads',
  sentence: 'somebody else holds the locks of all conversations, for longer than the server waits for a lock (2 s)',
  async inject({ arena, short }) {
    await withClient(await arena.databaseUrl(), async (client) => {
      await client.query('BEGIN');
      await client.query(LOCK);
      await pause(short ? 3_000 : 12_000);
      await client.query('ROLLBACK');
    });
  },
};
