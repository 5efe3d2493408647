import { Injectable } from '@nestjs/common';
import type { MarkRead } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { FactBus } from '../events/fact-bus.js';
import { ConversationsAccess } from './conversations.access.js';

/**
 * How far each member has read. A position only grows and is never beyond the conversation's head,
 * so two devices that tell theirs in any order end at the higher one.
 *
 * Positions are state and no entries of the number line: what is told of them is not recorded in the
 * outbox, because whoever missed it reads the position with the next list of conversations.
 */
@Injectable()
export class ReadPositionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: ConversationsAccess,
    private readonly bus: FactBus,
  ) {}

  /**
   * Marks everything up to `seq` as read. A lower position than before changes nothing.
   * @throws DomainError `conversation_not_found`
   */
  async markRead(actor: Actor, conversationId: string, { seq }: MarkRead): Promise<void> {
    const { lastSeq } = await this.access.require(this.dataSource.manager, actor, conversationId, 'view');
    const readSeq = Math.min(seq, lastSeq);
    const [, moved]: [unknown, number] = await this.dataSource.query(
      `UPDATE members SET read_seq = $3, delivered_seq = greatest(delivered_seq, $3)
        WHERE conversation_id = $1 AND user_id = $2 AND left_seq IS NULL AND read_seq < $3`,
      [conversationId, actor.userId, readSeq],
    );
    if (moved === 0) return;
    const payload = { conversationId, userId: actor.userId, readSeq };
    this.bus.publish([[{ type: 'receipt:changed', audience: { userIds: [actor.userId] }, payload }]]);
  }
}
