import { Injectable } from '@nestjs/common';
import {
  LIMITS,
  type HistoryQuery,
  type MessagePage,
  type MessageView,
  type SendMessage,
  type SentMessageView,
} from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import { MessageAppender } from './message-appender.js';
import { MessagesQueries, type Range } from './messages.queries.js';

/** Sending and reading messages, for REST and sockets alike. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: ConversationsAccess,
    private readonly appender: MessageAppender,
    private readonly queries: MessagesQueries,
  ) {}

  /**
   * Sends a text. Resolves when it is committed and published; a retry with the same `clientId` gets
   * the original as it is now, even from somebody who has been removed since.
   *
   * NOTE: the access check is part of the append, under the conversation's lock: checked before, a
   * removal could slip in between.
   * @throws DomainError `conversation_not_found`, `user_blocked`, `reply_target_not_found`,
   *   `client_id_reused`, and the retryable ones of {@link MessageAppender.append}
   */
  async send(actor: Actor, conversationId: string, input: SendMessage): Promise<SentMessageView> {
    const outcome = await this.appender.append({
      conversationId,
      senderId: actor.userId,
      clientId: input.clientId,
      body: input.body,
      replyTo: input.replyTo ?? null,
    });
    if (outcome.stored) return { ...outcome.message, duplicate: false };
    const original = await this.queries.find(conversationId, outcome.seq);
    if (original === null) throw new DomainError('internal_error', 'The original message is missing');
    return { ...original, duplicate: true };
  }

  /**
   * A page of history, ascending: the newest, or the one `before`, `after` or `around` a number.
   * @throws DomainError `conversation_not_found`, `validation_failed` for more than one position
   */
  async history(actor: Actor, conversationId: string, query: HistoryQuery): Promise<MessagePage> {
    const { visibleFromSeq, lastSeq } = await this.access.require(
      this.dataSource.manager,
      actor,
      conversationId,
      'view',
    );
    // Up to where it was at the check: whoever is removed before the next query sees nothing newer.
    const range: Range = { conversationId, visibleFromSeq, lastSeq, limit: query.limit ?? LIMITS.historyPageDefault };
    const positions = [query.before, query.after, query.around].filter((position) => position !== undefined);
    if (positions.length > 1) {
      throw new DomainError('validation_failed', 'Give at most one of before, after and around', {
        errors: [{ path: 'around', message: 'must stand alone, without before and after' }],
      });
    }
    if (query.after !== undefined) return this.queries.pageAfter(range, query.after);
    if (query.around !== undefined) return this.queries.pageAround(range, query.around);
    return this.queries.pageBefore(range, query.before ?? null);
  }

  /**
   * One message.
   * @throws DomainError `conversation_not_found`, `message_not_found`
   */
  async get(actor: Actor, conversationId: string, seq: number): Promise<MessageView> {
    const { visibleFromSeq, lastSeq } = await this.access.require(
      this.dataSource.manager,
      actor,
      conversationId,
      'view',
    );
    const message = seq < visibleFromSeq || seq > lastSeq ? null : await this.queries.find(conversationId, seq);
    if (message === null) throw new DomainError('message_not_found', 'There is no such message');
    return message;
  }
}
