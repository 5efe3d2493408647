import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = ['body', 'sent_digest'];

/**
 * Nothing is searched or planned by the texts of messages and what was made of them, and statistics of them are a
 * third of what autovacuum does on a busy server (docs/benchmarks.md).
 */
export class NoTextStatistics1764000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await setStatistics(runner, column, 0);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await setStatistics(runner, column, -1);
  }
}

async function setStatistics(runner: QueryRunner, column: string, target: number): Promise<void> {
  await runner.query(`ALTER TABLE messages ALTER COLUMN ${column} SET STATISTICS ${target}`);
}
