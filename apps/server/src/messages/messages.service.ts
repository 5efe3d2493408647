import { Injectable } from '@nestjs/common';
import {
  LIMITS,
  type HistoryQuery,
  type MessagePage,
  type MessageView,
  type SendMessage,
  type SentMessageView,
} from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { MessageAppender } from './message-appender.js';
import { MessagesQueries, type PageOf } from './messages.queries.js';

/** Sending and reading messages, for REST and sockets alike. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly appender: MessageAppender,
    private readonly queries: MessagesQueries,
  ) {}

  /**
   * Sends a text. Resolves when it is committed and published; a retry with the same `clientId` gets
   * the original: as it is now, or, from somebody who has been removed since, as it was sent.
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
    if (outcome.stored) return toSent(outcome.message);
    const original = await this.queries.findOwn(conversationId, outcome.seq);
    if (original === null) throw new DomainError('internal_error', 'The original message is missing');
    const { message, mayBeSeen } = original;
    return { ...(mayBeSeen ? message : asItWasSent(message, input.body)), duplicate: true };
  }

  /**
   * A page of history, ascending: the newest, or the one `before`, `after` or `around` a number.
   * @throws DomainError `conversation_not_found`, `validation_failed` for more than one position
   */
  async history(actor: Actor, conversationId: string, query: HistoryQuery): Promise<MessagePage> {
    const positions = [query.before, query.after, query.around].filter((position) => position !== undefined);
    if (positions.length > 1) {
      throw new DomainError('validation_failed', 'Give at most one of before, after and around', {
        errors: [{ path: 'around', message: 'must stand alone, without before and after' }],
      });
    }
    return this.page({ actor, conversationId, limit: query.limit ?? LIMITS.historyPageDefault }, query);
  }

  /**
   * One message.
   * @throws DomainError `conversation_not_found`, `message_not_found`
   */
  async get(actor: Actor, conversationId: string, seq: number): Promise<MessageView> {
    const message = await this.queries.find(actor, conversationId, seq);
    if (message === null) throw new DomainError('message_not_found', 'There is no such message');
    return message;
  }

  private page(of: PageOf, { before, after, around }: HistoryQuery): Promise<MessagePage> {
    if (after !== undefined) return this.queries.pageAfter(of, after);
    if (around !== undefined) return this.queries.pageAround(of, around);
    return this.queries.pageBefore(of, before ?? null);
  }
}

/**
 * Field by field, because it is made for every message: for a spread to which a field is added, V8 makes a new
 * hidden class each time, and half a kilobyte of it outlives the message.
 */
function toSent(message: MessageView): SentMessageView {
  return {
    conversationId: message.conversationId,
    seq: message.seq,
    senderId: message.senderId,
    clientId: message.clientId,
    kind: message.kind,
    body: message.body,
    data: message.data,
    replyTo: message.replyTo,
    mentions: message.mentions,
    mentionsAll: message.mentionsAll,
    reactions: message.reactions,
    createdAt: message.createdAt,
    editedAt: message.editedAt,
    deletedAt: message.deletedAt,
    changedSeq: message.changedSeq,
    version: message.version,
    duplicate: false,
  };
}

/**
 * The original for somebody who may not know what became of it: they have been removed since. Whom an edited
 * or deleted text mentioned is not known any more.
 */
function asItWasSent(message: MessageView, body: string): MessageView {
  const hasItsMentions = message.version === 1;
  return {
    ...message,
    body,
    mentions: hasItsMentions ? message.mentions : [],
    mentionsAll: hasItsMentions && message.mentionsAll,
    reactions: [],
    editedAt: null,
    deletedAt: null,
    changedSeq: null,
    version: 1,
  };
}
