import type { EntityManager } from 'typeorm';
import type { Audience } from '../events/fact.js';

/** Says who may know of a change to the message with this number. */
export type AudienceOf = (seq: number) => Audience;

/**
 * Who may know what became of messages from `lowestSeq` on: the conversation, but for those who came
 * later than the message. A fact carries the text, and what was said before somebody joined is not
 * theirs to read, neither in the history nor because it was edited today. They hear nothing, find that
 * a number is missing, and `sync` moves them over it.
 *
 * The people are named one by one only when there is somebody to leave out.
 */
export async function findChangeAudience(
  db: EntityManager,
  conversationId: string,
  lowestSeq: number,
): Promise<AudienceOf> {
  const members: { userId: string; visibleFromSeq: number }[] = await db.query(
    `SELECT m.user_id AS "userId", m.visible_from_seq AS "visibleFromSeq"
       FROM members m
      WHERE m.conversation_id = $1 AND m.left_seq IS NULL
        AND EXISTS (SELECT 1 FROM members later
                     WHERE later.conversation_id = $1 AND later.left_seq IS NULL AND later.visible_from_seq > $2)`,
    [conversationId, lowestSeq],
  );
  return (seq) => {
    const viewers = members.filter(({ visibleFromSeq }) => visibleFromSeq <= seq);
    return viewers.length === members.length ? { conversationId } : { userIds: viewers.map(({ userId }) => userId) };
  };
}
