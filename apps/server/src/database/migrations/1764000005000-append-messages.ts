import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The batch insert of the message appender: one call, one commit.
 *
 * Items come as parallel arrays, in the order in which they are to be numbered. For each, in the
 * same order, it answers an outcome:
 *   0 stored   1 stored before (a retry)   2 the client id stands for something else
 *   3 not a member   4 blocked   5 the message it answers does not exist
 *
 * Locks: the heads of all conversations in the batch, in id order, held until commit. The lock is a
 * statement of its own, so that the statement after it has a snapshot newer than the lock; taken in
 * one statement, its dedupe would look at the world before the wait and leave gaps for good.
 *
 * Retries are found before membership is asked, so somebody who has been removed since still learns
 * what became of a send.
 */
export class AppendMessages1764000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION append_messages(
        p_outbox_id uuid,
        p_conversation_ids uuid[],
        p_sender_ids uuid[],
        p_client_ids uuid[],
        p_bodies text[],
        p_reply_tos bigint[]
      ) RETURNS TABLE (ord integer, outcome integer, seq bigint, member_version integer, created_at timestamptz)
      LANGUAGE plpgsql VOLATILE
      -- A plan made while the tables were small must still be right when they are large: every
      -- look-up by its key, nothing scanned, nothing joined as a whole.
      SET enable_seqscan = off
      SET enable_bitmapscan = off
      SET enable_material = off
      SET enable_hashjoin = off
      SET enable_mergejoin = off
      SET plan_cache_mode = force_generic_plan
      AS $function$
      #variable_conflict use_column
      DECLARE
        v_now timestamptz;
      BEGIN
        PERFORM 1
          FROM conversation_heads h
         WHERE h.conversation_id = ANY (p_conversation_ids)
         ORDER BY h.conversation_id
           FOR NO KEY UPDATE;

        -- After the locks, so that times never run against the numbers.
        v_now := clock_timestamp();

        RETURN QUERY
        WITH item AS MATERIALIZED (
          SELECT i.ord::integer AS ord, i.conversation_id, i.sender_id, i.client_id, i.body, i.reply_to
            FROM unnest(p_conversation_ids, p_sender_ids, p_client_ids, p_bodies, p_reply_tos)
                 WITH ORDINALITY AS i (conversation_id, sender_id, client_id, body, reply_to, ord)
        ), judged AS MATERIALIZED (
          SELECT i.*, h.last_seq, h.member_version, sent.seq AS sent_seq,
                 CASE
                   WHEN sent.seq IS NOT NULL THEN
                     CASE
                       WHEN sent.reply_to_seq IS NOT DISTINCT FROM i.reply_to
                        AND CASE WHEN sent.sent_digest IS NULL THEN sent.body = i.body
                                 ELSE sent.sent_digest = sha256(convert_to(i.body, 'UTF8')) END
                       THEN 1 ELSE 2
                     END
                   WHEN m.user_id IS NULL OR m.left_seq IS NOT NULL THEN 3
                   -- Scalar subqueries, because they are run by key for the rows that need them; EXISTS may
                   -- be planned as a scan of the whole table.
                   WHEN m.peer_id IS NOT NULL AND coalesce(
                          (SELECT true FROM blocks b WHERE b.blocker_id = m.peer_id AND b.blocked_id = i.sender_id),
                          (SELECT true FROM blocks b WHERE b.blocker_id = i.sender_id AND b.blocked_id = m.peer_id),
                          false)
                   THEN 4
                   WHEN i.reply_to IS NOT NULL AND (
                          SELECT true FROM messages answered
                           WHERE answered.conversation_id = i.conversation_id AND answered.seq = i.reply_to
                             AND answered.seq >= m.visible_from_seq AND answered.kind = 'text'
                             AND answered.deleted_at IS NULL) IS NULL
                   THEN 5
                   ELSE 0
                 END AS outcome
            FROM item i
            LEFT JOIN conversation_heads h ON h.conversation_id = i.conversation_id
            LEFT JOIN messages sent
              ON sent.conversation_id = i.conversation_id AND sent.sender_id = i.sender_id AND sent.client_id = i.client_id
            LEFT JOIN members m ON m.conversation_id = i.conversation_id AND m.user_id = i.sender_id
        ), numbered AS MATERIALIZED (
          SELECT j.*, j.last_seq + count(*) FILTER (WHERE j.outcome = 0)
                   OVER (PARTITION BY j.conversation_id ORDER BY j.ord ROWS UNBOUNDED PRECEDING) AS new_seq
            FROM judged j
        ), inserted AS (
          INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, reply_to_seq, created_at)
          SELECT n.conversation_id, n.new_seq, n.sender_id, n.client_id, 'text', n.body, n.reply_to, v_now
            FROM numbered n
           WHERE n.outcome = 0
        ), range AS MATERIALIZED (
          SELECT n.conversation_id, min(n.new_seq) AS from_seq, max(n.new_seq) AS to_seq
            FROM numbered n
           WHERE n.outcome = 0
           GROUP BY n.conversation_id
        ), moved AS (
          UPDATE conversation_heads h
             SET last_seq = r.to_seq, last_message_at = v_now
            FROM range r
           WHERE h.conversation_id = r.conversation_id
        ), recorded AS (
          INSERT INTO outbox (id, facts)
          SELECT p_outbox_id,
                 jsonb_agg(jsonb_build_object('type', 'appended', 'conversationId', r.conversation_id,
                                              'fromSeq', r.from_seq, 'toSeq', r.to_seq))
            FROM range r
          HAVING count(*) > 0
        )
        SELECT n.ord, n.outcome, CASE n.outcome WHEN 0 THEN n.new_seq ELSE n.sent_seq END, n.member_version, v_now
          FROM numbered n
         ORDER BY n.ord;
      END
      $function$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION append_messages');
  }
}
