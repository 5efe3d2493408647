import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/transactions.js';
import { toMentionTokens } from './mentions.js';

/** A message whose text has changed; `body` null takes all its mentions away. */
interface ChangedText {
  conversationId: string;
  seq: number;
  senderId: string;
  body: string | null;
}

/**
 * Keeps the mentions of a message in step with its text when that changes. Those of a new message are
 * written together with it, by `append_messages`.
 *
 * Invariant: the caller holds the head's lock, so members and roles stand still meanwhile.
 */
@Injectable()
export class MentionsAccess {
  async replace(tx: Tx, { conversationId, seq, senderId, body }: ChangedText): Promise<void> {
    const place = [conversationId, seq];
    // Through the members, who stay on record when they leave: the key of mentions begins with the person.
    await tx.query(
      `DELETE FROM mentions n
        USING messages t, members m
        WHERE t.conversation_id = $1 AND t.seq = $2 AND (t.mentioned IS NOT NULL OR t.mentions_all)
          AND m.conversation_id = $1 AND n.user_id = m.user_id AND n.conversation_id = $1 AND n.seq = $2`,
      place,
    );
    const tokens = body === null ? null : toMentionTokens(body);
    await tx.query(
      `UPDATE messages t SET mentioned = r.mentioned, mentions_all = r.mentions_all
         FROM resolve_mentions($1, $3, $4) r
        WHERE t.conversation_id = $1 AND t.seq = $2`,
      [...place, senderId, tokens],
    );
    if (tokens === null) return;
    await tx.query(
      `INSERT INTO mentions (user_id, conversation_id, seq)
       SELECT m.user_id, m.conversation_id, t.seq
         FROM messages t
         JOIN members m ON m.conversation_id = t.conversation_id AND m.left_seq IS NULL AND m.user_id <> t.sender_id
        WHERE t.conversation_id = $1 AND t.seq = $2 AND (t.mentions_all OR m.user_id = ANY (t.mentioned))`,
      place,
    );
  }
}
