import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Presence leases. Unlogged: after a crash of PostgreSQL everybody connects anew anyway. */
export class Presence1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE nodes (
        boot_id uuid CONSTRAINT nodes_boot_id_pk PRIMARY KEY,
        lease_until timestamptz NOT NULL
      );
      COMMENT ON INDEX nodes_boot_id_pk IS 'renewal of a lease; is this connection''s node alive';

      -- No foreign key to nodes: a writer locks its node's row once instead of once for each connection.
      CREATE UNLOGGED TABLE connections (
        boot_id uuid NOT NULL,
        connection_id text NOT NULL,
        session_id uuid NOT NULL,
        user_id uuid NOT NULL,
        state text NOT NULL CONSTRAINT connections_state_chk CHECK (state IN ('active', 'away')),
        -- When the connection closed; it counts as online for the grace period after that.
        ended_at timestamptz,
        CONSTRAINT connections_boot_id_connection_id_pk PRIMARY KEY (boot_id, connection_id)
      );
      COMMENT ON INDEX connections_boot_id_connection_id_pk IS 'writing a connection; clearing up after a dead node';
      CREATE INDEX connections_user_id_idx ON connections (user_id);
      COMMENT ON INDEX connections_user_id_idx IS 'the presence of a person';
      CREATE INDEX connections_ended_at_idx ON connections (ended_at) WHERE ended_at IS NOT NULL;
      COMMENT ON INDEX connections_ended_at_idx IS 'connections whose grace period is over';

      -- What was told last about a person; somebody without a row is offline. Its row lock is what
      -- puts the changes of one person in one order.
      CREATE UNLOGGED TABLE presences (
        user_id uuid CONSTRAINT presences_user_id_pk PRIMARY KEY,
        state text NOT NULL CONSTRAINT presences_state_chk CHECK (state IN ('active', 'away', 'offline'))
      );
      COMMENT ON INDEX presences_user_id_pk IS 'did the presence of this person change';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE presences, connections, nodes');
  }
}
