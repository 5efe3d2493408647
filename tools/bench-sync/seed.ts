import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';

/** Conversations to be made, the one with the latest activity first. */
export interface Histories {
  conversations: number;
  messages: number;
  /** Who wrote everything. */
  author: string;
  /** Who belongs to them: each to the first so many. */
  readers: readonly { userId: string; first: number }[];
}

/** So many conversations are made in one transaction. */
const BATCH = 10;
/** One message in so many was edited right after it was sent; the edit took a number, too. */
const EDITED_EVERY = 50;
/** How far a reader has got: in one conversation out of five nowhere, elsewhere to the last few. */
const UNREAD_EVERY = 5;
const UNREAD = 3;

/** Makes the conversations straight in the database, and gives their ids in their order. */
export async function seed(
  client: Client,
  histories: Histories,
  signal: AbortSignal,
  onMade: (count: number) => void,
): Promise<string[]> {
  const ids = Array.from({ length: histories.conversations }, () => randomUUID());
  for (let from = 0; from < ids.length; from += BATCH) {
    signal.throwIfAborted();
    const batch = ids.slice(from, from + BATCH);
    await client.query('BEGIN');
    await seedConversations(client, histories, batch, from);
    await seedMessages(client, histories, batch);
    await client.query('COMMIT');
    onMade(batch.length);
  }
  return ids;
}

async function seedConversations(
  client: Client,
  { author, messages, readers }: Histories,
  ids: readonly string[],
  from: number,
): Promise<void> {
  await client.query(
    `INSERT INTO conversations (id, kind, title, created_by)
     SELECT id, 'group', 'Team ' || place, $2 FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, place)`,
    [ids, author],
  );
  await client.query(
    `INSERT INTO conversation_heads (conversation_id, last_seq, last_message_at)
     SELECT id, $2, now() - (place + $3::integer) * interval '1 minute' FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, place)`,
    [ids, messages, from],
  );
  await client.query(
    `INSERT INTO members (conversation_id, user_id, role, joined_seq, visible_from_seq, read_seq, delivered_seq)
     SELECT c.id, m.id, 'member', 1, 1, CASE WHEN c.place % ${UNREAD_EVERY} = 0 THEN 0 ELSE $2::integer - ${UNREAD} END, $2::integer
       FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, place)
       JOIN unnest($4::uuid[], $5::integer[]) AS m (id, first) ON c.place + $3::integer <= m.first`,
    [
      ids,
      messages,
      from,
      [author, ...readers.map(({ userId }) => userId)],
      [1e6, ...readers.map(({ first }) => first)],
    ],
  );
}

async function seedMessages(client: Client, { author, messages }: Histories, ids: readonly string[]): Promise<void> {
  await client.query(
    `INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, created_at, edited_at, changed_seq, version)
     SELECT c, n, $2, gen_random_uuid(), 'text', 'Message ' || n || ' of a conversation that goes on and on.', now(),
            CASE WHEN edited THEN now() END, CASE WHEN edited THEN n + 1 END, CASE WHEN edited THEN 2 ELSE 1 END
       FROM unnest($1::uuid[]) AS c
      CROSS JOIN (SELECT n, n % ${EDITED_EVERY} = 1 AND n < $3::integer AS edited FROM generate_series(1, $3::integer) AS n
                   WHERE n % ${EDITED_EVERY} <> 2) AS numbers`,
    [ids, author, messages],
  );
}
