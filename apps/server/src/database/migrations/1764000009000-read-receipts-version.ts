import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says of two receipts of one person which was made under the later turn of their switch. */
export class ReadReceiptsVersion1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN read_receipts_version integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN read_receipts_version');
  }
}
