import { Injectable } from '@nestjs/common';
import { LIMITS, type DeleteMessage, type EditMessage, type MessageChange, type MessageView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import {
  ConversationsAccess,
  type ConversationAction,
  type Membership,
} from '../conversations/conversations.access.js';
import { TimelineAccess, type Head } from '../conversations/timeline.access.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { UsersAccess } from '../users/users.access.js';
import { findChangeAudience } from './change-audience.js';
import { MentionsAccess } from './mentions.access.js';
import { deleteReaction, findMessage, insertReaction, writeBody, writeDeletion } from './message-changes.queries.js';
import { canDeleteMessage, canEditMessage, canReactTo } from './messages.policy.js';

/** A message that is about to be changed, as it is under the lock of its conversation. */
interface Target {
  head: Head;
  membership: Membership;
  message: MessageView;
}

/**
 * What becomes of messages that were sent: edits, deletions and reactions, for REST and sockets alike.
 *
 * Invariant: every change locks the head first and looks at the message only then, so the changes of a
 * conversation happen one after the other. Each takes the next number and writes it into the message; a
 * request that finds done what it asks for takes none, tells nothing, and is answered like the first.
 */
@Injectable()
export class MessageChangesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly conversations: ConversationsAccess,
    private readonly timeline: TimelineAccess,
    private readonly users: UsersAccess,
    private readonly mentions: MentionsAccess,
  ) {}

  /**
   * Gives one's own message another text. The text that it has already changes nothing, whatever
   * `version` says: the edit was made before, and its answer was lost.
   * @throws DomainError `conversation_not_found`, `message_not_found`, `action_forbidden`,
   *   `message_deleted`, `user_blocked`, `version_conflict`
   */
  async edit(actor: Actor, conversationId: string, seq: number, input: EditMessage): Promise<MessageView> {
    const { body, version } = input;
    return this.transactions.run(async (tx) => {
      const target = await this.requireMessage(tx, actor, conversationId, seq, 'edit_message');
      const { message } = target;
      if (!canEditMessage(message, actor.userId)) throw forbidden('Only its author can edit a message');
      requireNotDeleted(message);
      if (message.body === body) return message;
      await this.requireUnblocked(tx, actor, target.membership);
      requireVersion(message, version);
      return this.change(tx, target, 'edited', async (changedSeq) => {
        await writeBody(tx, message, body, changedSeq);
        await this.mentions.replace(tx, { conversationId, seq, senderId: message.senderId, body });
      });
    });
  }

  /**
   * Takes a message away for everybody: its place stays, its text, mentions and reactions are gone for
   * good. Deleting a deleted message changes nothing.
   * @throws DomainError `conversation_not_found`, `message_not_found`, `action_forbidden`, `version_conflict`
   */
  async delete(actor: Actor, conversationId: string, seq: number, { version }: DeleteMessage): Promise<MessageView> {
    return this.transactions.run(async (tx) => {
      const target = await this.requireMessage(tx, actor, conversationId, seq, 'delete_message');
      const { message, membership } = target;
      if (!canDeleteMessage(message, actor.userId, membership)) {
        throw forbidden('Only its author, and in a group its owner and admins, can delete a message');
      }
      if (message.deletedAt !== null) return message;
      requireVersion(message, version);
      return this.change(tx, target, 'deleted', async (changedSeq) => {
        await writeDeletion(tx, message, changedSeq);
        await this.mentions.replace(tx, { conversationId, seq, senderId: message.senderId, body: null });
      });
    });
  }

  /**
   * Adds one's reaction; `emoji` is in its one form. One that is there changes nothing.
   * @throws DomainError `conversation_not_found`, `message_not_found`, `action_forbidden`,
   *   `message_deleted`, `user_blocked`, `reaction_limit_reached`
   */
  async addReaction(actor: Actor, conversationId: string, seq: number, emoji: string): Promise<MessageView> {
    return this.transactions.run(async (tx) => {
      const target = await this.requireReactable(tx, actor, conversationId, seq);
      const { message } = target;
      if (hasReaction(message, actor, emoji)) return message;
      await this.requireUnblocked(tx, actor, target.membership);
      const isNewKind = message.reactions.every((kind) => kind.emoji !== emoji);
      if (isNewKind && message.reactions.length >= LIMITS.reactionKindsMax) {
        throw new DomainError('reaction_limit_reached', `A message has at most ${LIMITS.reactionKindsMax} kinds`);
      }
      const reaction = { conversationId, seq, userId: actor.userId, emoji };
      return this.change(tx, target, 'reaction_added', (changedSeq) => insertReaction(tx, reaction, changedSeq));
    });
  }

  /**
   * Takes one's reaction back; `emoji` is in its one form. One that is not there changes nothing.
   * @throws DomainError `conversation_not_found`, `message_not_found`, `action_forbidden`, `message_deleted`
   */
  async removeReaction(actor: Actor, conversationId: string, seq: number, emoji: string): Promise<MessageView> {
    return this.transactions.run(async (tx) => {
      const target = await this.requireReactable(tx, actor, conversationId, seq);
      if (!hasReaction(target.message, actor, emoji)) return target.message;
      const reaction = { conversationId, seq, userId: actor.userId, emoji };
      return this.change(tx, target, 'reaction_removed', (changedSeq) => deleteReaction(tx, reaction, changedSeq));
    });
  }

  /** The message as this actor sees it, for doing this, with the head locked. */
  private async requireMessage(
    tx: Tx,
    actor: Actor,
    conversationId: string,
    seq: number,
    action: ConversationAction,
  ): Promise<Target> {
    const { head, membership } = await this.conversations.requireLocked(tx, actor, conversationId, action);
    const message = seq < membership.visibleFromSeq ? null : await findMessage(tx.manager, { conversationId, seq });
    if (message === null) throw new DomainError('message_not_found', 'There is no such message');
    return { head, membership, message };
  }

  private async requireReactable(tx: Tx, actor: Actor, conversationId: string, seq: number): Promise<Target> {
    const target = await this.requireMessage(tx, actor, conversationId, seq, 'react');
    if (!canReactTo(target.message)) throw forbidden('System messages take no reactions');
    requireNotDeleted(target.message);
    return target;
  }

  /** As for sending: while one of two people blocks the other, nothing new is said between them alone. */
  private async requireUnblocked(tx: Tx, actor: Actor, { peerId }: Membership): Promise<void> {
    const blocked = await this.users.findBlocks(tx.manager, actor.userId, peerId === null ? [] : [peerId]);
    if (blocked.size > 0) throw new DomainError('user_blocked', 'One of you has blocked the other');
  }

  /** Takes the next number, hands it to `write`, records the fact, and returns how the message is now. */
  private async change(
    tx: Tx,
    { head, message: { conversationId, seq: messageSeq } }: Target,
    change: MessageChange,
    write: (changedSeq: number) => Promise<void>,
  ): Promise<MessageView> {
    const seq = await this.timeline.takeNumber(tx, head);
    await write(seq);
    const message = await findMessage(tx.manager, { conversationId, seq: messageSeq });
    if (message === null) throw new Error('A message has gone while its conversation was locked');
    const audienceOf = await findChangeAudience(tx.manager, conversationId, messageSeq);
    tx.record({
      type: 'message:changed',
      audience: audienceOf(messageSeq),
      position: { conversationId, seq, memberVersion: head.memberVersion },
      payload: { conversationId, seq, message, change },
    });
    return message;
  }
}

function hasReaction({ reactions }: MessageView, { userId }: Actor, emoji: string): boolean {
  return reactions.some((kind) => kind.emoji === emoji && kind.userIds.includes(userId));
}

function requireNotDeleted({ deletedAt }: MessageView): void {
  if (deletedAt !== null) throw new DomainError('message_deleted', 'The message was deleted');
}

function requireVersion(message: MessageView, version: number | null | undefined): void {
  if ((version ?? message.version) === message.version) return;
  throw new DomainError('version_conflict', `The message has version ${message.version} by now`);
}

function forbidden(message: string): DomainError {
  return new DomainError('action_forbidden', message);
}
