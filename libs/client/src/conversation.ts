import {
  LIMITS,
  type ChangeRole,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type ConversationSettingsView,
  type ConversationSummary,
  type ConversationView,
  type MemberView,
  type MessagePage,
  type MessageView,
  type Page,
  type ReceiptView,
  type UpdateConversationSettings,
} from '@parley/contracts';
import {
  applyAnswer,
  applySettings,
  endLoading,
  INLINE_MEMBERS_MAX,
  markRead,
  startLoading,
  toRequest,
  type ConversationState,
  type PagePlace,
} from './conversation-state.js';
import type { ConversationStates } from './conversation-states.js';
import { ParleyError, toParleyError } from './errors.js';
import type { Http } from './http.js';
import type { Outbox, OutboxItem } from './outbox.js';
import type { Positions } from './positions.js';
import { derivedStore, ValueStore, type Store } from './store.js';
import type { SyncEngine } from './sync-engine.js';
import type { Typing } from './typing.js';

const PAGE = 50;
const NO_MEMBERS: readonly MemberView[] = [];
const NO_RECEIPTS: readonly ReceiptView[] = [];

/** A message in a timeline: one that the server has, or one's own that is on its way. */
export type TimelineMessage =
  | (MessageView & { readonly status: 'sent' })
  | {
      readonly status: 'pending' | 'failed';
      readonly conversationId: string;
      readonly clientId: string;
      readonly body: string;
      readonly replyTo: number | null;
      readonly createdAt: string;
      /** Why it failed: `retry` or `discard` it. */
      readonly error: ParleyError | null;
    };

export interface TimelineSnapshot {
  /** A stretch of the history without gaps, ascending by `seq`; at its end the messages on their way. */
  readonly messages: readonly TimelineMessage[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
}

/** A message that was just written. */
export interface PendingMessage {
  readonly clientId: string;
  /** Settles when the server has stored or refused it. It need not be looked at. */
  readonly sent: Promise<MessageView>;
}

/** What a conversation is made of; one for all conversations of a client. */
export interface ConversationParts {
  http: Http;
  states: ConversationStates;
  outbox: Outbox;
  positions: Positions;
  typing: Typing;
  engine: SyncEngine;
  command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
}

/**
 * One conversation: what it looks like, in stores, and what one can do in it. What fails rejects with a
 * `ParleyError`. What is written or read is seen in the stores at once, everything else when the server has
 * done it; by the facts it is then seen everywhere.
 */
export class Conversation {
  /** As one's list shows it; null until it is known, and when one does not belong to it any more. */
  readonly summary: Store<ConversationSummary | null>;
  readonly timeline: Store<TimelineSnapshot>;
  /** The owner, then admins, then members. Of large groups they are loaded by `loadMembers`. */
  readonly members: Store<readonly MemberView[]>;
  /** How far the members have got; empty in large groups. */
  readonly receipts: Store<readonly ReceiptView[]>;
  /** The ids of those who are typing. */
  readonly typing: Store<readonly string[]>;
  private readonly loading = new ValueStore(0);
  private readonly loadedMembers = new ValueStore<{ version: number; items: readonly MemberView[] } | null>(null);
  private followsMembers = false;
  private membersLoading: Promise<void> | null = null;
  /** Counts the jumps: a page for an earlier one comes too late. */
  private jumps = 0;

  constructor(
    readonly id: string,
    private readonly parts: ConversationParts,
  ) {
    const state = parts.states.store(id);
    const pending = parts.outbox.of(id);
    this.summary = derivedStore([state], () => state.getSnapshot()?.summary ?? null);
    this.timeline = derivedStore([state, pending, this.loading], () =>
      toTimeline(state.getSnapshot(), pending.getSnapshot(), this.loading.getSnapshot() > 0),
    );
    this.members = derivedStore([this.summary, this.loadedMembers], () => {
      const summary = this.summary.getSnapshot();
      if (summary === null) return NO_MEMBERS;
      return summary.conversation.members ?? this.loadedMembers.getSnapshot()?.items ?? NO_MEMBERS;
    });
    this.receipts = derivedStore([this.summary], () => this.summary.getSnapshot()?.receipts ?? NO_RECEIPTS);
    this.typing = parts.typing.of(id);
  }

  /** Writes a message. It is in the timeline at once, and sent when there is a connection, also after a reload. */
  send(body: string, { replyTo = null }: { replyTo?: number | null } = {}): PendingMessage {
    this.parts.typing.stop(this.id);
    const { item, sent } = this.parts.outbox.add(this.id, body, replyTo);
    return { clientId: item.clientId, sent };
  }

  /** Tries again to send a message that failed. */
  retry(clientId: string): void {
    this.parts.outbox.retry(clientId);
  }

  /** Takes a message out of the timeline that failed, or that no try was made to send. */
  discard(clientId: string): void {
    this.parts.outbox.discard(clientId);
  }

  /**
   * Gives one's own message another text. With the `version` that was edited it is refused when somebody
   * has changed it meanwhile.
   * @throws ParleyError `version_conflict`, `message_deleted`, `action_forbidden`, `message_not_found`
   */
  edit(seq: number, body: string, { version }: { version?: number } = {}): Promise<MessageView> {
    return this.change('message:edit', {
      conversationId: this.id,
      seq,
      body,
      ...(version !== undefined && { version }),
    });
  }

  /** Takes a message away for everybody: one's own, or as owner or admin of a group anybody's. */
  delete(seq: number): Promise<MessageView> {
    return this.change('message:delete', { conversationId: this.id, seq });
  }

  /** @throws ParleyError `reaction_limit_reached`, `message_deleted`, `validation_failed` for what is no emoji */
  react(seq: number, emoji: string): Promise<MessageView> {
    return this.change('reaction:add', { conversationId: this.id, seq, emoji });
  }

  unreact(seq: number, emoji: string): Promise<MessageView> {
    return this.change('reaction:remove', { conversationId: this.id, seq, emoji });
  }

  /** Everything up to `seq`, or all of it, is read. It counts at once, and is told as soon as possible. */
  markRead(seq = Infinity): void {
    const state = this.parts.states.get(this.id);
    if (state === null) return;
    const upTo = Math.min(seq, state.known);
    this.parts.states.set(this.id, markRead(state, upTo));
    this.parts.positions.read(this.id, upTo);
  }

  /**
   * One message, also one that the timeline does not show: the one that a message answers, say.
   * @throws ParleyError `message_not_found`, `conversation_not_found`
   */
  async getMessage(seq: number): Promise<MessageView> {
    const known = this.parts.states.get(this.id)?.messages.find((message) => message.seq === seq);
    return known ?? this.parts.http.get<MessageView>(`/conversations/${this.id}/messages/${seq}`);
  }

  /** To be called with every key; it is told as often as the server wants it. */
  startTyping(): void {
    this.parts.typing.start(this.id);
  }

  stopTyping(): void {
    this.parts.typing.stop(this.id);
  }

  /** Reads the page before the timeline; the newest, when there is none yet. */
  async loadOlder(): Promise<void> {
    const { hasOlder, messages } = this.known();
    const before = messages[0]?.seq;
    if (hasOlder) await this.load('before', { before });
  }

  /** Reads the page after the timeline. */
  async loadNewer(): Promise<void> {
    const { hasNewer, messages } = this.known();
    const after = messages.at(-1)?.seq ?? 0;
    if (hasNewer) await this.load('after', { after });
  }

  /** Shows the part of the history around a message. */
  async jumpTo(seq: number): Promise<void> {
    await this.load('instead', { around: seq });
  }

  async jumpToLatest(): Promise<void> {
    await this.load('instead', {});
  }

  /** Reads all members of a large group, from now on after each change; those of a small one are there already. */
  async loadMembers(): Promise<void> {
    if (!this.followsMembers) {
      this.followsMembers = true;
      this.summary.subscribe(() => void this.loadMembers().catch(() => undefined));
    }
    await (this.membersLoading ??= this.readMembers().finally(() => (this.membersLoading = null)));
  }

  /** How far everybody has got, in a group that is too large for `receipts`. */
  listReceipts(): Promise<readonly ReceiptView[]> {
    return this.readAll<ReceiptView>('receipts');
  }

  private async readMembers(): Promise<void> {
    for (;;) {
      const conversation = this.summary.getSnapshot()?.conversation;
      if (conversation === undefined || conversation.memberCount <= INLINE_MEMBERS_MAX) return;
      const version = conversation.memberVersion;
      if (this.loadedMembers.getSnapshot()?.version === version) return;
      // They may change while they are read, so it looks once more.
      this.loadedMembers.set({ version, items: await this.readAll<MemberView>('members') });
    }
  }

  private async readAll<T>(list: 'members' | 'receipts'): Promise<readonly T[]> {
    const items: T[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = { limit: LIMITS.listPageMax, ...(cursor !== undefined && { cursor }) };
      const page: Page<T> = await this.parts.http.get(`/conversations/${this.id}/${list}`, query);
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  /** @throws ParleyError `action_forbidden`, `conversation_kind_mismatch` */
  async rename(title: string): Promise<ConversationView> {
    return this.parts.http.ask('PATCH', `/conversations/${this.id}`, { title });
  }

  /** @throws ParleyError `action_forbidden`, `user_not_found`, `user_blocked`, `member_limit_reached` */
  async addMembers(userIds: readonly string[]): Promise<ConversationView> {
    return this.parts.http.ask('POST', `/conversations/${this.id}/members`, { userIds });
  }

  /** @throws ParleyError `action_forbidden`, `member_not_found`, `owner_required` */
  async removeMember(userId: string): Promise<void> {
    await this.parts.http.ask('DELETE', `/conversations/${this.id}/members/${userId}`);
  }

  /** Giving `owner` hands the group over. */
  async changeRole(userId: string, role: ChangeRole['role']): Promise<ConversationView> {
    return this.parts.http.ask('PATCH', `/conversations/${this.id}/members/${userId}`, { role });
  }

  /** @throws ParleyError `owner_required` for an owner who has not handed the group over */
  async leave(): Promise<void> {
    const state = this.parts.states.get(this.id);
    if (state === null) throw new ParleyError('conversation_not_found', 'There is no such conversation');
    await this.removeMember(state.userId);
    // Somebody may have added one again before the answer came.
    const { visibleFromSeq } = this.parts.states.get(this.id)?.summary ?? state.summary;
    if (visibleFromSeq === state.summary.visibleFromSeq) this.parts.states.set(this.id, null);
  }

  /** Mutes, pins or archives it for oneself. */
  async updateSettings(input: UpdateConversationSettings): Promise<ConversationSettingsView> {
    const path = `/conversations/${this.id}/settings`;
    const changing = this.parts.http.ask<ConversationSettingsView>('PATCH', path, input);
    const { engine, states } = this.parts;
    await engine.takeAnswer(changing, (settings, question) => {
      if (!engine.isLate(this.id, question)) states.update(this.id, (state) => applySettings(state, settings));
    });
    return changing;
  }

  private async change<N extends 'message:edit' | 'message:delete' | 'reaction:add' | 'reaction:remove'>(
    command: N,
    input: CommandInput<N>,
  ): Promise<MessageView> {
    const message: MessageView = await this.parts.command(command, input);
    this.parts.states.update(this.id, (state) => applyAnswer(state, message));
    this.parts.engine.repair();
    return message;
  }

  private known(): Pick<ConversationState, 'hasOlder' | 'hasNewer' | 'messages'> {
    return this.parts.states.get(this.id) ?? { hasOlder: true, hasNewer: false, messages: [] };
  }

  /** One page at a time: a second scroll event while the first page is under way is nothing new. */
  private async load(
    place: PagePlace,
    query: { before?: number | undefined; after?: number | undefined; around?: number },
  ): Promise<void> {
    const { states, http, engine } = this.parts;
    if (place !== 'instead' && this.loading.getSnapshot() > 0) return;
    this.loading.set(this.loading.getSnapshot() + 1);
    const jump = place === 'instead' ? (this.jumps += 1) : null;
    try {
      if (states.get(this.id) === null) await engine.discover(this.id);
      const before = states.get(this.id);
      if (before === null) return;
      const request = toRequest(before, place);
      states.set(this.id, startLoading(before));
      const page = await http
        .get<MessagePage>(`/conversations/${this.id}/messages`, { ...query, limit: PAGE })
        .catch((error: unknown) => toParleyError(error));
      const isOvertaken = jump !== null && jump !== this.jumps;
      const taken = page instanceof ParleyError || isOvertaken ? null : page;
      states.update(this.id, (state) => endLoading(state, request, taken));
      if (page instanceof ParleyError) throw page;
      engine.repair();
    } finally {
      this.loading.set(this.loading.getSnapshot() - 1);
    }
  }
}

/** One object for one view of a message, so that a list can tell what has not changed. */
const shown = new WeakMap<MessageView, TimelineMessage>();

function toShown(message: MessageView): TimelineMessage {
  const known = shown.get(message);
  if (known !== undefined) return known;
  const made = { ...message, status: 'sent' as const };
  shown.set(message, made);
  return made;
}

function toTimeline(
  state: ConversationState | null,
  pending: readonly OutboxItem[],
  isLoading: boolean,
): TimelineSnapshot {
  const messages = state?.messages ?? [];
  const arrived = new Set(messages.map(({ clientId }) => clientId));
  const own = state?.hasNewer === true ? [] : pending.filter(({ clientId }) => !arrived.has(clientId));
  return {
    messages: [...messages.map(toShown), ...own.map(({ order: _, state: status, ...item }) => ({ ...item, status }))],
    hasOlder: state?.hasOlder ?? true,
    hasNewer: state?.hasNewer ?? false,
    isLoading,
  };
}
