import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AppendMessages1764000005000 } from './1764000005000-append-messages.js';

/**
 * Mentions, resolved where a message gets its number: under the lock of the head, so that whoever is
 * mentioned is a member at that very number.
 *
 * `resolve_mentions` says whom the tokens of a text mean (`messages/mentions.ts` makes them): members by
 * their usernames, of several spellings the first that is one, and everybody if the sender leads the
 * group. The sender is never mentioned.
 *
 * `append_messages` is the function of the migration before, which explains it, and also writes the
 * mentions: into the message, for who reads it, and one row for each person, for their count. A text
 * that mentions nobody costs no look-up.
 */
export class AppendMentions1764000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION resolve_mentions(p_conversation_id uuid, p_sender_id uuid, p_tokens text)
      RETURNS TABLE (mentioned uuid[], mentions_all boolean)
      LANGUAGE sql STABLE
      AS $function$
        SELECT (
                 SELECT array_agg(DISTINCT found.id ORDER BY found.id)
                   FROM unnest(string_to_array(p_tokens, ' ')) AS token (names)
                  CROSS JOIN LATERAL (
                    SELECT u.id
                      FROM unnest(string_to_array(token.names, ',')) WITH ORDINALITY AS name (key, place)
                      JOIN users u ON u.username_key = name.key
                      JOIN members m ON m.conversation_id = p_conversation_id AND m.user_id = u.id
                                    AND m.left_seq IS NULL
                     ORDER BY name.place
                     LIMIT 1
                  ) found
                  WHERE found.id <> p_sender_id
               ),
               coalesce('*' = ANY (string_to_array(p_tokens, ' ')) AND (
                 SELECT m.role IN ('owner', 'admin') FROM members m
                  WHERE m.conversation_id = p_conversation_id AND m.user_id = p_sender_id AND m.left_seq IS NULL
               ), false)
      $function$;
    `);
    await runner.query('DROP FUNCTION append_messages');
    await runner.query(`
      CREATE FUNCTION append_messages(
        p_outbox_id uuid,
        p_conversation_ids uuid[],
        p_sender_ids uuid[],
        p_client_ids uuid[],
        p_bodies text[],
        p_reply_tos bigint[],
        p_mentions text[]
      ) RETURNS TABLE (ord integer, outcome integer, seq bigint, member_version integer, created_at timestamptz,
                       mentioned uuid[], mentions_all boolean)
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
          SELECT i.ord::integer AS ord, i.conversation_id, i.sender_id, i.client_id, i.body, i.reply_to, i.mentions
            FROM unnest(p_conversation_ids, p_sender_ids, p_client_ids, p_bodies, p_reply_tos, p_mentions)
                 WITH ORDINALITY AS i (conversation_id, sender_id, client_id, body, reply_to, mentions, ord)
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
        ), named AS MATERIALIZED (
          SELECT n.ord, n.conversation_id, n.new_seq, n.sender_id, r.mentioned, r.mentions_all
            FROM numbered n
           CROSS JOIN LATERAL resolve_mentions(n.conversation_id, n.sender_id, n.mentions) r
           WHERE n.outcome = 0 AND n.mentions IS NOT NULL
        ), inserted AS (
          INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, reply_to_seq, created_at,
                                mentioned, mentions_all)
          SELECT n.conversation_id, n.new_seq, n.sender_id, n.client_id, 'text', n.body, n.reply_to, v_now,
                 named.mentioned, coalesce(named.mentions_all, false)
            FROM numbered n
            LEFT JOIN named ON named.ord = n.ord
           WHERE n.outcome = 0
        ), noted AS (
          INSERT INTO mentions (user_id, conversation_id, seq)
          SELECT person.id, named.conversation_id, named.new_seq
            FROM named
           CROSS JOIN LATERAL unnest(named.mentioned) AS person (id)
           WHERE NOT named.mentions_all
          UNION ALL
          SELECT m.user_id, named.conversation_id, named.new_seq
            FROM named
            JOIN members m ON m.conversation_id = named.conversation_id AND m.left_seq IS NULL
                          AND m.user_id <> named.sender_id
           WHERE named.mentions_all
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
        SELECT n.ord, n.outcome, CASE n.outcome WHEN 0 THEN n.new_seq ELSE n.sent_seq END, n.member_version, v_now,
               named.mentioned, coalesce(named.mentions_all, false)
          FROM numbered n
          LEFT JOIN named ON named.ord = n.ord
         ORDER BY n.ord;
      END
      $function$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION append_messages');
    await runner.query('DROP FUNCTION resolve_mentions');
    await new AppendMessages1764000005000().up(runner);
  }
}
