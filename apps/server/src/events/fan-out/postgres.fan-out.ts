import { Client } from 'pg';
import type { Change } from '../fact.js';
import { LinkedFanOut, type FanOutTiming, type Link, type LinkEvents } from './linked-fan-out.js';
import { packSmall } from './small-envelopes.js';

export interface PostgresFanOutOptions {
  url: string;
  timing?: FanOutTiming;
}

/** NOTIFY refuses 8,000 bytes and more. */
const MAX_BYTES = 7_900;
const CHANNEL = 'parley_facts';

/**
 * Fan-out over LISTEN and NOTIFY, for a few nodes without Redis. A change that does not fit in a
 * notification goes as a hint.
 *
 * It has a connection of its own and never notifies inside the transaction of a message: NOTIFY
 * takes a lock of the whole database cluster at commit, and would put all messages in one line.
 * Nothing on that connection needs to be durable, so its commits do not wait for the disk under the
 * lock. It needs a session, so a pooler in transaction mode cannot stand in between.
 */
export class PostgresFanOut extends LinkedFanOut {
  constructor(private readonly options: PostgresFanOutOptions) {
    super(options.timing);
  }

  protected pack(changes: readonly Change[]): string[] {
    const { texts, dropped } = packSmall(this.sender, changes, MAX_BYTES);
    if (dropped > 0) this.log.warn(`${dropped} facts were too large for NOTIFY and were not told to other nodes`);
    return texts;
  }

  protected async open(events: LinkEvents): Promise<Link> {
    const client = new Client({
      connectionString: this.options.url,
      application_name: 'parley-fan-out',
      connectionTimeoutMillis: 3_000,
      statement_timeout: 5_000,
      keepAlive: true,
    });
    client.on('error', events.lost);
    client.on('end', () => events.lost(new Error('the connection ended')));
    client.on('notification', ({ payload }) => events.heard(payload ?? ''));
    try {
      await client.connect();
      await client.query(`SET synchronous_commit = off; LISTEN ${CHANNEL}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    return {
      transmit: async (texts) => {
        await client.query('SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text', [CHANNEL, texts]);
      },
      close: () => client.end(),
    };
  }
}
