import { load, wrap } from './wrap.mjs';

/** A seeded bug: the read position is what was told last, not the highest that was told. */
const SQL = 'UPDATE members SET read_seq = $3 WHERE conversation_id = $1 AND user_id = $2 AND left_seq IS NULL';
const { ReceiptsService } = await load('conversations/receipts.service.js');

wrap(
  ReceiptsService,
  'markRead',
  (markRead) =>
    async function markReadAsTold(actor, conversationId, input) {
      await markRead.call(this, actor, conversationId, input);
      await this.dataSource.query(SQL, [conversationId, actor.userId, input.seq]);
    },
);
