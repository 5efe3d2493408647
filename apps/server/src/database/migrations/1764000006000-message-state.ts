import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What edits, mentions and receipts need beside the tables that were made for them.
 *
 * The ids of a message's mentions stand in the message too, so that a page of history costs no look-up
 * in `mentions`, whose key begins with the person.
 */
export class MessageState1764000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE messages
        ADD COLUMN mentioned uuid[],
        ADD COLUMN mentions_all boolean NOT NULL DEFAULT false;
      ALTER TABLE users ADD COLUMN read_receipts boolean NOT NULL DEFAULT true;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users DROP COLUMN read_receipts;
      ALTER TABLE messages DROP COLUMN mentions_all, DROP COLUMN mentioned;
    `);
  }
}
