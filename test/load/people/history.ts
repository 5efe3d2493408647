import type { Client } from 'pg';
import { newId } from '../../../apps/server/src/common/id.js';
import type { Conversation } from './population.js';

/** Rows written in one transaction. */
const ROWS_AT_ONCE = 100_000;

/**
 * Fills the table of messages with so many rows of `conversations` conversations that nobody in the
 * workload belongs to.
 */
export async function seedForeignMessages(
  client: Client,
  { rows, conversations }: { rows: number; conversations: number },
): Promise<void> {
  const perConversation = Math.ceil(rows / conversations);
  const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / perConversation));
  for (let made = 0; made < conversations; made += atOnce) {
    const ids = Array.from({ length: Math.min(atOnce, conversations - made) }, newId);
    await seedMessages(client, ids, newId(), perConversation);
  }
}

/** So many messages of one person in each of these conversations. Their heads are not moved. */
export async function seedMessages(
  client: Client,
  conversationIds: readonly string[],
  senderId: string,
  messages: number,
): Promise<void> {
  await client.query(
    `INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, created_at)
     SELECT c, n, $2, gen_random_uuid(), 'text', rpad('Message ' || n || ' ', 100, 'and so on '),
            now() - ($3 - n) * interval '1 second'
       FROM unnest($1::uuid[]) AS c CROSS JOIN generate_series(1, $3::integer) AS n`,
    [conversationIds, senderId, messages],
  );
}

/** So many messages in a conversation that had none, written by its owner. */
export async function seedHistory(client: Client, { id, members }: Conversation, messages: number): Promise<void> {
  await seedMessages(client, [id], members[0]?.userId ?? newId(), messages);
  await client.query('UPDATE conversation_heads SET last_seq = $2 WHERE conversation_id = $1', [id, messages]);
}

/** As after some quiet time: vacuumed, analyzed, on the disk. */
export async function settle(client: Client): Promise<void> {
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
}
