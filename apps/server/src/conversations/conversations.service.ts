import { Injectable } from '@nestjs/common';
import {
  LIMITS,
  type ConversationSettingsView,
  type ConversationSummary,
  type ConversationView,
  type CreateConversation,
  type Page,
  type RenameConversation,
  type UpdateConversationSettings,
} from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import { readSnapshot } from '../database/snapshot.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { ConversationChanges, joinedFact } from './conversation-changes.js';
import { ConversationsAccess } from './conversations.access.js';
import { toSettingsView } from './conversations.view.js';
import { ConversationEntity } from './entities/conversation.entity.js';
import { ConversationHeadEntity } from './entities/conversation-head.entity.js';
import { MemberEntity } from './entities/member.entity.js';
import { startMemberships } from './memberships.js';
import { decodeActivity, type PageQuery } from './positions.js';
import { SummariesAccess } from './summaries.access.js';

/** A conversation, and whether the request made it. */
export interface CreatedConversation {
  conversation: ConversationView;
  created: boolean;
}

/**
 * Conversations as wholes: making, listing, showing and renaming them, and one's own settings of
 * them. Who belongs to a group is the matter of `members.service.ts`.
 */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly access: ConversationsAccess,
    private readonly changes: ConversationChanges,
    private readonly summaries: SummariesAccess,
  ) {}

  /**
   * Makes a group with the actor as owner, or the direct conversation with one person, of which there
   * is one for each pair: the second request, by either of them, gets the same (`created: false`).
   * @throws DomainError `validation_failed` for naming oneself, `user_not_found`, `user_blocked`
   */
  async create(actor: Actor, input: CreateConversation): Promise<CreatedConversation> {
    if (input.memberIds.includes(actor.userId)) throw invalid('memberIds', 'must not name yourself');
    return this.transactions.run(async (tx) => {
      await this.access.requirePeople(tx.manager, actor, input.memberIds);
      if (input.kind === 'group') return this.createGroup(tx, actor, input.title ?? '', input.memberIds);
      const [peerId] = input.memberIds;
      if (peerId === undefined) throw invalid('memberIds', 'must name one person');
      return this.createDirect(tx, actor, peerId);
    });
  }

  /** One's conversations by last activity, newest first, each as one sees it. */
  async list(actor: Actor, query: PageQuery): Promise<Page<ConversationSummary>> {
    const { cursor, limit = LIMITS.listPageDefault } = query;
    const after = cursor === undefined ? null : decodeActivity(cursor);
    return readSnapshot(this.dataSource, (db) => this.summaries.listPage(db, actor.userId, after, limit));
  }

  /**
   * A conversation as everybody in it sees it.
   * @throws DomainError `conversation_not_found`
   */
  async get(actor: Actor, conversationId: string): Promise<ConversationView> {
    return readSnapshot(this.dataSource, async (db) => {
      await this.access.require(db, actor, conversationId, 'view');
      return this.access.getView(db, conversationId);
    });
  }

  /**
   * A conversation as one's list shows it.
   * @throws DomainError `conversation_not_found`
   */
  async getSummary(actor: Actor, conversationId: string): Promise<ConversationSummary> {
    return readSnapshot(this.dataSource, async (db) => {
      const [summary] = await this.summaries.find(db, actor.userId, [conversationId]);
      if (summary === undefined) throw new DomainError('conversation_not_found', 'There is no such conversation');
      return summary;
    });
  }

  /**
   * Gives a group another title. The title that it has already changes nothing and takes no number.
   * @throws DomainError `conversation_not_found`, `conversation_kind_mismatch`, `action_forbidden`
   */
  async rename(actor: Actor, conversationId: string, { title }: RenameConversation): Promise<ConversationView> {
    return this.transactions.run(async (tx) => {
      const { head } = await this.access.requireLocked(tx, actor, conversationId, 'rename');
      const current = await this.access.getView(tx.manager, conversationId);
      if (current.title === title) return current;
      const change = { event: { event: 'title_changed', title }, membersChanged: false } as const;
      return this.changes.make(tx, head, actor, change, async () => {
        await tx.manager.update(ConversationEntity, { id: conversationId }, { title });
      });
    });
  }

  /**
   * Changes one's own settings of a conversation; what is not named stays. They concern nobody else,
   * so they take no number and no lock but their own row's; one's own devices hear of them.
   * @throws DomainError `conversation_not_found`
   */
  async updateSettings(
    actor: Actor,
    conversationId: string,
    input: UpdateConversationSettings,
  ): Promise<ConversationSettingsView> {
    return this.transactions.run(async (tx) => {
      await this.access.require(tx.manager, actor, conversationId, 'change_settings');
      const own = { conversationId, userId: actor.userId };
      const { mutedUntil, pinned, archived } = input;
      const changed = {
        ...(mutedUntil !== undefined && { mutedUntil: mutedUntil === null ? null : new Date(mutedUntil) }),
        ...(pinned !== undefined && { pinnedAt: pinned ? () => 'coalesce(pinned_at, now())' : null }),
        ...(archived !== undefined && { archivedAt: archived ? () => 'coalesce(archived_at, now())' : null }),
      };
      if (Object.keys(changed).length > 0) await tx.manager.update(MemberEntity, own, changed);
      const settings = toSettingsView(await tx.manager.findOneByOrFail(MemberEntity, own));
      const payload = { conversationId, settings };
      tx.record({ type: 'settings:changed', audience: { userIds: [actor.userId] }, payload });
      return settings;
    });
  }

  private async createGroup(
    tx: Tx,
    actor: Actor,
    title: string,
    memberIds: readonly string[],
  ): Promise<CreatedConversation> {
    const id = newId();
    await tx.manager.insert(ConversationEntity, { id, kind: 'group', title, createdBy: actor.userId });
    await tx.manager.insert(ConversationHeadEntity, { conversationId: id, lastSeq: 0, memberVersion: 0 });
    // Nobody else can see the new head before the commit, so there is nothing to lock.
    const head = { conversationId: id, lastSeq: 0, memberVersion: 0 };
    const event = { event: 'group_created' as const, title, userIds: [...memberIds] };
    const joined = [actor.userId, ...memberIds];
    const people = [
      { userId: actor.userId, role: 'owner' as const },
      ...memberIds.map((userId) => ({ userId, role: 'member' as const })),
    ];
    const conversation = await this.changes.make(tx, head, actor, { event, membersChanged: true, joined }, (seq) =>
      startMemberships(tx, id, people, seq),
    );
    return { conversation, created: true };
  }

  /**
   * Whoever of a racing pair of requests inserts first makes the conversation; the others wait in
   * their insert for that commit, insert nothing, and then, in a later statement with a newer
   * snapshot, read what it made.
   */
  private async createDirect(tx: Tx, actor: Actor, peerId: string): Promise<CreatedConversation> {
    const pair = [actor.userId, peerId].sort();
    const directKey = pair.join(':');
    const inserted = await tx.query<{ id: string }>(
      `INSERT INTO conversations (id, kind, direct_key, created_by) VALUES ($1, 'direct', $2, $3)
       ON CONFLICT ON CONSTRAINT conversations_direct_key_uq DO NOTHING RETURNING id`,
      [newId(), directKey, actor.userId],
    );
    const id = inserted[0]?.id;
    if (id === undefined) {
      const existing = await tx.manager.findOneByOrFail(ConversationEntity, { directKey });
      return { conversation: await this.access.getView(tx.manager, existing.id), created: false };
    }
    await tx.manager.insert(ConversationHeadEntity, { conversationId: id, lastSeq: 0, memberVersion: 1 });
    const people = [
      { userId: actor.userId, role: 'member' as const, peerId },
      { userId: peerId, role: 'member' as const, peerId: actor.userId },
    ];
    await startMemberships(tx, id, people, 0);
    const conversation = await this.access.getView(tx.manager, id);
    const position = { conversationId: id, seq: 0, memberVersion: conversation.memberVersion };
    tx.record(joinedFact(pair, position, conversation));
    return { conversation, created: true };
  }
}

function invalid(path: string, message: string): DomainError {
  return new DomainError('validation_failed', `${path} ${message}`, { errors: [{ path, message }] });
}
