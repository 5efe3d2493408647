import { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { connectTo } from './data-source.js';

/** Leases, presence, receipts and the outbox, each of which does one thing at a time, and mostly nothing. */
const CONNECTIONS = 3;

/**
 * PostgreSQL for what a node has to do whatever its clients ask for: to keep its lease, to write who is
 * connected, to make known what was committed. With the connections of requests it would wait behind them, and
 * a node with too much to do would be taken for dead as well.
 */
export class Upkeep extends DataSource {
  static connect(config: Config): Promise<Upkeep> {
    return new Upkeep(connectTo(config, 'parley-upkeep', CONNECTIONS)).initialize();
  }
}
