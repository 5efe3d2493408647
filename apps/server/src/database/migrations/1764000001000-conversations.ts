import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Conversations, their heads and their members. */
export class Conversations1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE conversations (
        id uuid CONSTRAINT conversations_id_pk PRIMARY KEY,
        kind text NOT NULL CONSTRAINT conversations_kind_chk CHECK (kind IN ('direct', 'group')),
        title text,
        direct_key text,
        created_by uuid NOT NULL CONSTRAINT conversations_created_by_fk REFERENCES users (id),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT conversations_direct_key_uq UNIQUE (direct_key),
        CONSTRAINT conversations_kind_direct_key_title_chk
          CHECK ((kind = 'direct') = (direct_key IS NOT NULL) AND (kind = 'group') = (title IS NOT NULL))
      );
      COMMENT ON INDEX conversations_id_pk IS 'a conversation by id';
      COMMENT ON INDEX conversations_direct_key_uq IS 'the one direct conversation of a pair, also when many requests race';

      -- Narrow, with room on each page and no second index, so that every update is a HOT update.
      CREATE TABLE conversation_heads (
        conversation_id uuid CONSTRAINT conversation_heads_conversation_id_pk PRIMARY KEY
          CONSTRAINT conversation_heads_conversation_id_fk REFERENCES conversations (id),
        last_seq bigint NOT NULL DEFAULT 0,
        member_version integer NOT NULL DEFAULT 1,
        last_message_at timestamptz NOT NULL DEFAULT now()
      ) WITH (fillfactor = 50);
      COMMENT ON INDEX conversation_heads_conversation_id_pk IS 'the lock under which a conversation changes';

      CREATE TABLE members (
        conversation_id uuid NOT NULL CONSTRAINT members_conversation_id_fk REFERENCES conversations (id),
        user_id uuid NOT NULL CONSTRAINT members_user_id_fk REFERENCES users (id),
        -- In a direct conversation the other person, so that a send can ask for a block by key.
        peer_id uuid,
        role text NOT NULL CONSTRAINT members_role_chk CHECK (role IN ('owner', 'admin', 'member')),
        joined_seq bigint NOT NULL,
        visible_from_seq bigint NOT NULL,
        left_seq bigint,
        read_seq bigint NOT NULL DEFAULT 0,
        delivered_seq bigint NOT NULL DEFAULT 0,
        muted_until timestamptz,
        pinned_at timestamptz,
        archived_at timestamptz,
        CONSTRAINT members_conversation_id_user_id_pk PRIMARY KEY (conversation_id, user_id)
      );
      COMMENT ON INDEX members_conversation_id_user_id_pk IS 'is this person a member; the members of a conversation';
      CREATE INDEX members_user_id_idx ON members (user_id) WHERE left_seq IS NULL;
      COMMENT ON INDEX members_user_id_idx IS 'the conversations of a person';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE members, conversation_heads, conversations');
  }
}
