import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ConversationView, MessageView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import { Outbox } from '../database/outbox.js';
import type { Change, Fact, Position } from '../events/fact.js';
import { MessagesQueries } from './messages.queries.js';

const CHANGES_MAX = 500;

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

  /** The changes with `afterSeq < seq <= toSeq`, in order, as they are now; at most 500. */
  async loadChanges(conversationId: string, afterSeq: number, toSeq: number): Promise<Change[]> {
    const messages = await this.queries.between(conversationId, afterSeq, toSeq, CHANGES_MAX);
    // Read after the messages: so the version is never older than what it is to guard.
    const head = (await this.conversations.listHeads([conversationId])).get(conversationId);
    if (head === undefined || messages.length === 0) return [];
    const conversation = messages.some((message) => message.kind === 'system')
      ? await this.conversations.getView(this.dataSource.manager, conversationId)
      : null;
    return messages.map((message) => toChange(message, conversation, head.memberVersion));
  }
}

/** The change that a message was, with the facts that were told when it happened. */
function toChange(message: MessageView, conversation: ConversationView | null, memberVersion: number): Change {
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
