import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Messages and what hangs on them.
 *
 * NOTE: messages have no foreign keys. Membership is checked under the head's lock in the statement
 * that inserts, conversations and users are never deleted, and a key check would cost two look-ups
 * and two row locks for every message.
 */
export class Messages1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE messages (
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        sender_id uuid NOT NULL,
        client_id uuid,
        kind text NOT NULL CONSTRAINT messages_kind_chk CHECK (kind IN ('text', 'system')),
        body text,
        data jsonb,
        reply_to_seq bigint,
        created_at timestamptz NOT NULL,
        edited_at timestamptz,
        deleted_at timestamptz,
        changed_seq bigint,
        version integer NOT NULL DEFAULT 1,
        -- SHA-256 of the first body, kept by the first edit or deletion, so that a retry of the
        -- original send is still known as the same.
        sent_digest bytea,
        CONSTRAINT messages_conversation_id_seq_pk PRIMARY KEY (conversation_id, seq),
        CONSTRAINT messages_conversation_id_sender_id_client_id_uq UNIQUE (conversation_id, sender_id, client_id)
      );
      COMMENT ON INDEX messages_conversation_id_seq_pk IS 'history before, after and around a seq; one message';
      COMMENT ON INDEX messages_conversation_id_sender_id_client_id_uq IS 'a retry finds what it sent before';
      CREATE INDEX messages_conversation_id_changed_seq_idx ON messages (conversation_id, changed_seq)
        WHERE changed_seq IS NOT NULL;
      COMMENT ON INDEX messages_conversation_id_changed_seq_idx IS 'older messages that changed after a cursor';

      CREATE TABLE reactions (
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        user_id uuid NOT NULL,
        emoji text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT reactions_conversation_id_seq_user_id_emoji_pk PRIMARY KEY (conversation_id, seq, user_id, emoji)
      );
      COMMENT ON INDEX reactions_conversation_id_seq_user_id_emoji_pk IS 'the reactions to the messages of a page';

      CREATE TABLE mentions (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        CONSTRAINT mentions_user_id_conversation_id_seq_pk PRIMARY KEY (user_id, conversation_id, seq)
      );
      COMMENT ON INDEX mentions_user_id_conversation_id_seq_pk IS 'mentions of a person after their read position';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mentions, reactions, messages');
  }
}
