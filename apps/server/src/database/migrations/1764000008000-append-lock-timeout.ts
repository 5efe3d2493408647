import type { MigrationInterface, QueryRunner } from 'typeorm';

const APPEND_MESSAGES = 'append_messages(uuid, uuid[], uuid[], uuid[], text[], bigint[], text[])';

/**
 * A batch waits for a locked head no longer than this, because everything in its lane waits with it. What
 * is locked for longer is put aside, and tried again by itself (`message-appender.ts`).
 */
export class AppendLockTimeout1764000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER FUNCTION ${APPEND_MESSAGES} SET lock_timeout = '250ms'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER FUNCTION ${APPEND_MESSAGES} RESET lock_timeout`);
  }
}
