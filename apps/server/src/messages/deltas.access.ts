import { Injectable } from '@nestjs/common';
import type { MessageView } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { MESSAGE_COLUMNS, toMessageView, type MessageRow } from '../conversations/timeline.access.js';
import { prepared } from '../database/connection.js';

/** What is to be read of one conversation. */
export interface DeltaQuery {
  conversationId: string;
  /** For what was sent or changed after this number; null for the latest messages instead. */
  from: number | null;
  head: number;
  /** Nothing below this is shown. */
  visibleFromSeq: number;
}

/** A message, and the number by which it is part of what was missed. */
export interface DeltaMessage {
  at: number;
  message: MessageView;
}

/** Parameters: the questions as arrays, how many of the latest messages, and how many messages in all. */
const SQL = prepared(
  'deltas',
  `WITH asked AS MATERIALIZED (
   SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[])
     WITH ORDINALITY AS a (conversation_id, from_seq, head, visible_from, place)
 ), found AS MATERIALIZED (
   SELECT a.place, a.conversation_id, k.seq, k.at
     FROM asked a
    CROSS JOIN LATERAL (
      (SELECT t.seq, t.seq AS at FROM messages t
        WHERE a.from_seq IS NOT NULL AND t.conversation_id = a.conversation_id
          AND t.seq > a.from_seq AND t.seq <= a.head AND t.seq >= a.visible_from)
      UNION ALL
      (SELECT t.seq, t.changed_seq FROM messages t
        WHERE a.from_seq IS NOT NULL AND t.conversation_id = a.conversation_id
          AND t.changed_seq > a.from_seq AND t.changed_seq <= a.head
          AND t.seq <= a.from_seq AND t.seq >= a.visible_from)
      UNION ALL
      (SELECT t.seq, t.seq FROM messages t
        WHERE a.from_seq IS NULL AND t.conversation_id = a.conversation_id
          AND t.seq <= a.head AND t.seq >= a.visible_from
        ORDER BY t.seq DESC LIMIT $5)
    ) k
    ORDER BY a.place, k.at
    LIMIT $6
 )
 SELECT f.place - 1 AS index, f.at, ${MESSAGE_COLUMNS}
   FROM found f
   JOIN messages m ON m.conversation_id = f.conversation_id AND m.seq = f.seq
  ORDER BY f.place, f.at`,
);

/**
 * Reads what somebody missed in several conversations, in one query: each message that was sent or
 * changed after a number, as it is now, or the latest ones. It asks nobody's leave: for callers that
 * know who may see what.
 *
 * Every look-up is a range of one index, `messages_conversation_id_seq_pk` or
 * `messages_conversation_id_changed_seq_idx`; nothing is read of conversations that nothing happened
 * in. A bitmap would first collect a whole conversation to find its latest messages, and the planner,
 * who knows how long they are on average only, chooses one when most are short.
 */
@Injectable()
export class DeltasAccess {
  /** For each question, in the same order, its messages by `at`; of all together the first `limit`. In a snapshot. */
  async find(
    db: EntityManager,
    questions: readonly DeltaQuery[],
    { latest, limit }: { latest: number; limit: number },
  ): Promise<DeltaMessage[][]> {
    const answers: DeltaMessage[][] = questions.map(() => []);
    if (questions.length === 0) return answers;
    const rows: (MessageRow & { index: number; at: number })[] = await db.query(SQL, [
      questions.map((question) => question.conversationId),
      questions.map((question) => question.from),
      questions.map((question) => question.head),
      questions.map((question) => question.visibleFromSeq),
      latest,
      limit,
    ]);
    for (const row of rows) answers[row.index]?.push({ at: row.at, message: toMessageView(row) });
    return answers;
  }
}
