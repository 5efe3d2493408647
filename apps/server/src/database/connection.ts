import { Client, types, type ClientConfig, type QueryConfig } from 'pg';

// Counters come as numbers: they stay below 2^53 by the contract.
types.setTypeParser(types.builtins.INT8, Number);

/**
 * A connection that is never without a listener for its errors. Pools and TypeORM attach theirs when
 * they hand it out and take it back; PostgreSQL may end it in between, and an error that nobody
 * listens to ends the process. The next query reports what happened.
 */
class GuardedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    // TypeORM hands over the text and nothing else, so the name of a prepared query travels in it.
    this.query = ((first: unknown, ...others: unknown[]) =>
      query(typeof first === 'string' ? named(first) : first, ...others)) as Client['query'];
  }
}

const NAME = /\/\* prepared (\w+) \*\/$/;

/**
 * Marks a query to be prepared: each connection parses and plans it once, and keeps that under this name.
 *
 * For what is asked all the time, where that costs more than the answer, and only for texts that are
 * always the same and find everything by a key: a plan made while tables are small must still be right
 * when they are large.
 */
export function prepared(name: string, text: string): string {
  return `${text} /* prepared ${name} */`;
}

function named(text: string): string | QueryConfig {
  const [, name] = text.endsWith('*/') ? (NAME.exec(text) ?? []) : [];
  return name === undefined ? text : { name, text };
}

/** What every connection of a running server has in common, whichever pool it is in. */
export const CONNECTION_OPTIONS = {
  Client: GuardedClient,
  keepAlive: true,
  // Waits that end: nothing that the database does may hold a request for long.
  connectionTimeoutMillis: 3_000,
  statement_timeout: 5_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
  // Longer than the others, which end with an answer: this one is for a network that says nothing.
  query_timeout: 8_000,
  // Compiling a query takes longer than running any of ours.
  options: '-c jit=off',
} as const;
