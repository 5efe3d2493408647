import type { Duplex } from 'node:stream';
import { Client, types, type ClientConfig, type CustomTypesConfig, type QueryArrayConfig, type QueryConfig } from 'pg';

// Counters come as numbers: they stay below 2^53 by the contract.
types.setTypeParser(types.builtins.INT8, Number);

type Callback = (error: Error | null, result: unknown) => void;

interface GuardedConfig extends ClientConfig {
  /** A connection that owes an answer and says nothing for so long is broken off. */
  silentMaxMs?: number;
}

/**
 * A connection that is never without a listener for its errors, and that is broken off when it is silent. Pools
 * and TypeORM attach their listeners when they hand it out and take it back; PostgreSQL may end it in between,
 * and an error that nobody listens to ends the process. The next query reports what happened.
 *
 * NOTE: the driver has a limit for each query, and promises of its own, and for both it assigns a function to a
 * property of the query. V8 makes such a function where it looks for garbage rarely, until it has optimized the
 * code around it, and the function keeps the query, with all that was asked and answered, until a full
 * collection: 400 KB a turn of the young garbage at 4,000 messages a second. So one timer watches over all
 * queries of a connection, and the promises are made here.
 */
class GuardedClient extends Client {
  /** How many queries have not been answered, and since when there was neither a first one nor an answer. */
  private unanswered = 0;
  private since = 0;
  private watch: NodeJS.Timeout | null = null;
  private readonly silentMaxMs: number;

  constructor(config: GuardedConfig = {}) {
    super(config);
    this.silentMaxMs = config.silentMaxMs ?? 0;
    this.on('error', () => undefined);
    const ask = this.query.bind(this) as (question: unknown, values: unknown, callback: Callback) => void;
    this.query = ((first: unknown, second?: unknown, third?: unknown) => {
      // TypeORM hands over the text and nothing else, so the name of a prepared query travels in it.
      const question = typeof first === 'string' ? named(first) : first;
      const [values, callback] = typeof second === 'function' ? [undefined, second] : [second, third];
      if (typeof callback === 'function') {
        ask(question, values, this.watched(callback as Callback));
        return;
      }
      return new Promise((resolve, reject) => {
        const settle = (error: Error | null, result: unknown): void => (error ? reject(error) : resolve(result));
        ask(question, values, this.watched(settle));
      }).catch(showAsker);
    }) as Client['query'];
  }

  private watched(callback: Callback): Callback {
    if (this.unanswered === 0) this.since = performance.now();
    this.unanswered += 1;
    if (this.silentMaxMs > 0) this.watch ??= this.watchFor(this.silentMaxMs);
    return (error, result) => {
      this.unanswered -= 1;
      this.since = performance.now();
      callback(error, result);
    };
  }

  private watchFor(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.watch = null;
      if (this.unanswered === 0) return;
      const left = this.silentMaxMs - (performance.now() - this.since);
      if (left > 0) this.watch = this.watchFor(left);
      else this.breakOff();
    }, ms).unref();
  }

  /** All queries are answered with this error, and the connection is not used any more. */
  private breakOff(): void {
    const { connection } = this as unknown as { connection: { stream: Duplex } };
    connection.stream.destroy(new Error('Query read timeout'));
  }
}

/** The stack of an error leads to the socket; this one leads to whoever asked. */
function showAsker(error: Error): never {
  Error.captureStackTrace(error);
  throw error;
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
  silentMaxMs: 8_000,
  // Compiling a query takes longer than running any of ours. Times come in UTC, as `toIsoText` takes them.
  options: '-c jit=off -c TimeZone=UTC -c DateStyle=ISO',
} as const;
