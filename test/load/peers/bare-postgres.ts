import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataFolderLock } from '../../../apps/server/src/database/embedded/data-folder-lock.js';
import { EmbeddedPostgres } from '../../../apps/server/src/database/embedded/embedded-postgres.js';

/**
 * What PostgreSQL costs by itself: rows as those of Parley's messages, in batches of as many as are open in
 * the workload, each batch a transaction of its own and on the disk before the next. Nobody is told.
 *
 * Arguments: a data folder, milliseconds to warm up, milliseconds to measure. Prints the rows per second.
 */
const [dataDir = '', warmUp, measured] = process.argv.slice(2);
const OPEN = 400;
const CONVERSATIONS = 25;

const CREATE = `
  CREATE TABLE messages (
    conversation_id uuid NOT NULL,
    seq bigint NOT NULL,
    sender_id uuid NOT NULL,
    client_id uuid,
    kind text NOT NULL,
    body text,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT messages_conversation_id_seq_pk PRIMARY KEY (conversation_id, seq),
    CONSTRAINT messages_conversation_id_sender_id_client_id_uq UNIQUE (conversation_id, sender_id, client_id)
  )`;

const INSERT = `
  INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, created_at)
  SELECT c, s, p, i, 'text', b, now()
    FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[]) AS m (c, s, p, i, b)`;

const conversations = Array.from({ length: CONVERSATIONS }, () => randomUUID());
const senders = Array.from({ length: 2 * CONVERSATIONS }, () => randomUUID());
const conversationIds = Array.from({ length: OPEN }, (_, index) => conversations[index % CONVERSATIONS]);
const senderIds = Array.from({ length: OPEN }, (_, index) => senders[index % senders.length]);
let batches = 0;

function batch(): unknown[] {
  const first = (batches * OPEN) / CONVERSATIONS;
  batches += 1;
  return [
    conversationIds,
    Array.from({ length: OPEN }, (_, index) => first + Math.floor(index / CONVERSATIONS)),
    senderIds,
    Array.from({ length: OPEN }, () => randomUUID()),
    Array.from({ length: OPEN }, (_, index) => `Message ${index} `.padEnd(100, 'and so on ')),
  ];
}

/** Inserts for so long, and says how many rows a second that were. */
async function insertFor(client: Client, milliseconds: number): Promise<number> {
  const begin = performance.now();
  let rows = 0;
  while (performance.now() - begin < milliseconds) {
    await client.query({ name: 'insert', text: INSERT, values: batch() });
    rows += OPEN;
  }
  return (rows * 1_000) / (performance.now() - begin);
}

const lock = DataFolderLock.acquire(dataDir);
const postgres = await EmbeddedPostgres.start({ dataDir, maxConnections: 10 });
const client = new Client({ connectionString: postgres.url });
try {
  await client.connect();
  await client.query(CREATE);
  await insertFor(client, Number(warmUp));
  const rowsPerSecond = await insertFor(client, Number(measured));
  process.stdout.write(`${JSON.stringify({ rowsPerSecond })}\n`);
} finally {
  await client.end();
  await postgres.stop();
  lock.release();
}
