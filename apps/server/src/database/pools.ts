import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../config/config.js';
import { CONNECTION_OPTIONS } from './connection.js';

/** Conversations that somebody holds locked are tried by so many at a time. */
const LOCKED_AT_ONCE = 2;

/**
 * Small pools of their own for what must not wait behind other requests: the message appender (a
 * connection for each lane, and some for conversations that somebody holds locked) and the health check.
 */
@Injectable()
export class Pools implements OnApplicationShutdown {
  readonly messaging: Pool;
  readonly lockedMessaging: Pool;
  readonly health: Pool;

  constructor(config: Config) {
    this.messaging = createPool(config, 'parley-messages', config.database.appendLanes);
    this.lockedMessaging = createPool(config, 'parley-locked-messages', LOCKED_AT_ONCE);
    this.health = createPool(config, 'parley-health', 1);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.messaging.end(), this.lockedMessaging.end(), this.health.end()]);
  }
}

function createPool(config: Config, name: string, max: number): Pool {
  const pool = new Pool({
    connectionString: config.database.url,
    application_name: name,
    max,
    idleTimeoutMillis: 0,
    ...CONNECTION_OPTIONS,
  });
  const logger = new Logger(name);
  // Without a listener an idle connection that breaks ends the process.
  pool.on('error', (error) => logger.warn(`An idle connection broke: ${error.message}`));
  return pool;
}
