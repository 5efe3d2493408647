import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ConversationView, MessageView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import { Outbox } from '../database/outbox.js';
import type { Change, Fact, Position } from '../events/fact.js';
import { findChangeAudience, type AudienceOf } from './change-audience.js';
import { MessagesQueries, type NumberedMessage } from './messages.queries.js';

/**
 * Turns what the database holds into the changes that fan-out missed: for the outbox sweep and for
 * the repair of gaps. They carry the current member version, so a receiver that knows an older one
 * asks again who belongs there before it delivers.
 */
@Injectable()
export class MessagesAccess implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly queries: MessagesQueries,
    private readonly conversations: ConversationsAccess,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.outbox.registerRangeLoader(({ conversationId, fromSeq, toSeq }) =>
      this.loadChanges(conversationId, fromSeq - 1, toSeq),
    );
  }

  /**
   * The changes with `afterSeq < seq <= toSeq`, all of them and in order, with the messages as they are
   * now: the caller bounds the range. Numbers may be missing: of a message that changed twice only the
   * later change can still be told.
   */
  async loadChanges(conversationId: string, afterSeq: number, toSeq: number): Promise<Change[]> {
    // One change took each number, so there are never more changes than numbers.
    const numbered = await this.queries.numbered(conversationId, afterSeq, toSeq, toSeq - afterSeq);
    // Read after the messages: so the version is never older than what it is to guard.
    const head = (await this.conversations.listHeads([conversationId])).get(conversationId);
    if (head === undefined || numbered.length === 0) return [];
    const older = numbered.filter(({ changed }) => changed).map(({ message }) => message.seq);
    const db = this.dataSource.manager;
    const audienceOf = older.length > 0 ? await findChangeAudience(db, conversationId, Math.min(...older)) : null;
    const conversation = numbered.some(({ changed, message }) => !changed && message.kind === 'system')
      ? await this.conversations.getView(db, conversationId)
      : null;
    return numbered.map((entry) =>
      entry.changed && audienceOf !== null
        ? toLaterChange(entry, audienceOf, head.memberVersion)
        : toSending(entry.message, conversation, head.memberVersion),
    );
  }
}

/** What was done to a message after it was sent, as far as that can still be known. */
function toLaterChange({ seq, message }: NumberedMessage, audienceOf: AudienceOf, memberVersion: number): Change {
  const { conversationId } = message;
  const change = message.deletedAt === null ? 'several' : 'deleted';
  return [
    {
      type: 'message:changed',
      audience: audienceOf(message.seq),
      position: { conversationId, seq, memberVersion },
      payload: { conversationId, seq, message, change },
    },
  ];
}

/** The change that the sending of a message was, with the facts that were told when it happened. */
function toSending(message: MessageView, conversation: ConversationView | null, memberVersion: number): Change {
  const place = { conversationId: message.conversationId, seq: message.seq };
  const moves = movesOf(message);
  const position: Position = { ...place, memberVersion, ...moves };
  const audience = { conversationId: message.conversationId };
  const facts: Fact[] = [{ type: 'message:sent', audience, position, payload: { ...place, message } }];
  if (message.kind === 'text' || conversation === null) return facts;
  const view = { ...place, conversation };
  facts.push({ type: 'conversation:changed', audience, position, payload: view });
  const { joined, left } = moves;
  if (joined) facts.unshift({ type: 'conversation:joined', audience: { userIds: joined }, position, payload: view });
  if (left) facts.push({ type: 'conversation:left', audience: { userIds: left }, position, payload: place });
  return facts;
}

/** Whom a system message brought in or took out. */
function movesOf({ data, senderId }: MessageView): Pick<Position, 'joined' | 'left'> {
  switch (data?.event) {
    case 'group_created':
      return { joined: [senderId, ...data.userIds] };
    case 'members_added':
      return { joined: data.userIds };
    case 'member_removed':
    case 'member_left':
      return { left: data.userIds };
    default:
      return {};
  }
}
