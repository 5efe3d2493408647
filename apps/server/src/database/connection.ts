import { Client, types, type ClientConfig, type CustomTypesConfig, type QueryArrayConfig, type QueryConfig } from 'pg';

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

const MARK = /\/\* prepared (\w+)( as values)? \*\/$/;

/**
 * Marks a query to be prepared: each connection parses and plans it once, and keeps that under this name.
 *
 * For what is asked all the time, where that costs more than the answer, and only for texts that are
 * always the same and find everything by a key: a plan made while tables are small must still be right
 * when they are large.
 *
 * NOTE: PostgreSQL plans anew each time as long as that looks cheaper to it, and a LIMIT that is a parameter
 * looks like a tenth of all that there is. Put a constant one under it.
 */
export function prepared(name: string, text: string): string {
  return `${text} /* prepared ${name} */`;
}

/**
 * The same for many rows at once: each comes as an array of its columns, and a time as the ISO 8601 text that
 * the API shows. The driver makes an object of a row name by name, and a time by way of a Date; for a page of
 * fifty messages that takes longer than reading them.
 */
export function preparedAsValues(name: string, text: string): string {
  return `${text} /* prepared ${name} as values */`;
}

function named(text: string): string | QueryConfig | QueryArrayConfig {
  const [, name, asValues] = text.endsWith('*/') ? (MARK.exec(text) ?? []) : [];
  if (name === undefined) return text;
  return asValues === undefined ? { name, text } : { name, text, rowMode: 'array', types: TIMES_AS_TEXT };
}

type TypeId = (typeof types.builtins)['TIMESTAMPTZ'];

const TIMES_AS_TEXT: CustomTypesConfig = {
  getTypeParser: (oid: TypeId, format) =>
    oid === types.builtins.TIMESTAMPTZ ? toIsoText : (types.getTypeParser(oid, format) as unknown),
};

const MILLISECONDS_AT = '2026-11-23 10:15:00.'.length;
const IN_UTC = '+00';

/** From `2026-11-23 10:15:00.123456+00`, in which zeros at the end are missing. Cut to milliseconds, as a Date is. */
export function toIsoText(value: string): string {
  if (!value.endsWith(IN_UTC)) return new Date(value).toISOString();
  const fraction = value.slice(MILLISECONDS_AT, -IN_UTC.length).padEnd(3, '0').slice(0, 3);
  return `${value.slice(0, 10)}T${value.slice(11, 19)}.${fraction}Z`;
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
  // Compiling a query takes longer than running any of ours. Times come in UTC, as `toIsoText` takes them.
  options: '-c jit=off -c TimeZone=UTC -c DateStyle=ISO',
} as const;
