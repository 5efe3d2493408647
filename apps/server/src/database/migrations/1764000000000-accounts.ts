import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, their sessions, and whom they block. */
export class Accounts1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid CONSTRAINT users_id_pk PRIMARY KEY,
        username text NOT NULL,
        username_key text NOT NULL,
        display_name text NOT NULL,
        display_name_key text NOT NULL,
        password_hash text NOT NULL,
        auth_version integer NOT NULL DEFAULT 1,
        last_seen_at timestamptz,
        deactivated_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT users_username_key_uq UNIQUE (username_key)
      );
      COMMENT ON INDEX users_id_pk IS 'a profile by id';
      COMMENT ON INDEX users_username_key_uq IS 'login; one account for each case-folded username';

      CREATE INDEX users_username_key_idx ON users (username_key text_pattern_ops);
      COMMENT ON INDEX users_username_key_idx IS 'search by prefix of the username: username_key LIKE $1 || ''%''';
      CREATE INDEX users_display_name_key_idx ON users (display_name_key text_pattern_ops);
      COMMENT ON INDEX users_display_name_key_idx IS 'search by prefix of the display name: display_name_key LIKE $1 || ''%''';

      CREATE TABLE sessions (
        id uuid CONSTRAINT sessions_id_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sessions_user_id_fk REFERENCES users (id),
        refresh_hash bytea NOT NULL,
        previous_refresh_hash bytea,
        rotated_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        user_agent text,
        ip text,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz NOT NULL DEFAULT now()
      );
      COMMENT ON INDEX sessions_id_pk IS 'refresh, and the check of every access token';
      CREATE INDEX sessions_user_id_idx ON sessions (user_id) WHERE revoked_at IS NULL;
      COMMENT ON INDEX sessions_user_id_idx IS 'the list of one''s sessions; logout-all';

      CREATE TABLE blocks (
        blocker_id uuid NOT NULL CONSTRAINT blocks_blocker_id_fk REFERENCES users (id),
        blocked_id uuid NOT NULL CONSTRAINT blocks_blocked_id_fk REFERENCES users (id),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT blocks_blocker_id_blocked_id_pk PRIMARY KEY (blocker_id, blocked_id),
        CONSTRAINT blocks_blocker_id_blocked_id_chk CHECK (blocker_id <> blocked_id)
      );
      COMMENT ON INDEX blocks_blocker_id_blocked_id_pk IS 'does this person block that one; the list of one''s blocks';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE blocks, sessions, users');
  }
}
