import type { Conversation } from '../people/population.js';
import type { Parley } from '../systems/parley.js';

interface Row {
  stored: number;
  broken: number;
}

/**
 * Looks into the database after a workload: every acknowledged message is there, and each conversation has
 * the numbers from 1 to its head.
 * @throws Error
 */
export async function verifyStored(
  parley: Parley,
  conversations: readonly Conversation[],
  acked: number,
): Promise<void> {
  const { rows } = await parley.withDatabase((client) =>
    client.query<Row>(
      `SELECT coalesce(sum(count), 0)::integer AS stored,
              count(*) FILTER (WHERE count <> last_seq OR first <> 1 OR last <> last_seq)::integer AS broken
         FROM (SELECT h.last_seq, count(m.seq) AS count, coalesce(min(m.seq), 1) AS first,
                      coalesce(max(m.seq), 0) AS last
                 FROM conversation_heads h
                 LEFT JOIN messages m USING (conversation_id)
                WHERE h.conversation_id = ANY ($1::uuid[])
                GROUP BY h.conversation_id, h.last_seq) AS counted`,
      [conversations.map(({ id }) => id)],
    ),
  );
  const { stored, broken } = rows[0] ?? { stored: 0, broken: 0 };
  if (stored === acked && broken === 0) return;
  throw new Error(
    `${acked} messages were acknowledged and ${stored} are stored; ${broken} conversations do not have the numbers 1 to n`,
  );
}
