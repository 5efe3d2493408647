import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What must still be made known, and the identity of this database. */
export class OutboxAndMeta1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        id uuid CONSTRAINT outbox_id_pk PRIMARY KEY,
        facts jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        -- From when on a row counts as left behind. A sweep moves it on while it works on the row.
        due_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '2 seconds'
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
      COMMENT ON INDEX outbox_id_pk IS 'rows to delete after publishing; the sweep in order of time';

      CREATE TABLE meta (
        singleton boolean DEFAULT true CONSTRAINT meta_singleton_pk PRIMARY KEY
          CONSTRAINT meta_singleton_chk CHECK (singleton),
        -- Changes when a backup is restored: cursors of another epoch mean nothing.
        epoch uuid NOT NULL
      );
      COMMENT ON INDEX meta_singleton_pk IS 'there is one row';
      INSERT INTO meta (epoch) VALUES (gen_random_uuid());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE meta, outbox');
  }
}
