import {
  LIMITS,
  type CommandInput,
  type ConversationSummary,
  type FactMap,
  type FactName,
  type MessageView,
  type Page,
  type SyncReply,
  type SyncUpdate,
} from '@parley/contracts';
import { backoffMs, jittered } from './backoff.js';
import {
  applyConversation,
  applyFact,
  applyReceipt,
  applySettings,
  applySummary,
  applyUpdate,
  applyUser,
  fromJoining,
  fromSummary,
  isBehind,
  type ConversationState,
} from './conversation-state.js';
import type { ConversationStates } from './conversation-states.js';
import { ParleyError } from './errors.js';
import { ValueStore, type Store } from './store.js';

const REPAIR_AFTER_MS = 300;
const STALE_AFTER_MS = 200;
const ROUTINE_EVERY_MS = 60_000;

export interface SyncEngineOptions {
  states: ConversationStates;
  userId(): string;
  sync(input: CommandInput<'sync'>): Promise<SyncReply>;
  getSummary(conversationId: string): Promise<ConversationSummary>;
  getPage(cursor: string): Promise<Page<ConversationSummary>>;
  /** Messages that have come in, by a fact or by sync. */
  onMessages(messages: readonly MessageView[]): void;
  /** A conversation as the server lists it. */
  onSummary(summary: ConversationSummary): void;
  /** The server's history is not the one that was known: what was told of it counts no more. */
  onNewHistory(): void;
  /** Whom one shares conversations with may have changed. */
  onPeople(): void;
}

/** A fact with its name, so that the one decides the other. */
type Heard = { [N in FactName]: { type: N; payload: FactMap[N] } }[FactName];

/**
 * Keeps the conversations in step with the server.
 *
 * Guarantee: whatever facts are lost, repeated or reordered, the next `sync` leaves each conversation as
 * the server has it (P5). It asks on every connection, 300 ms after it has found that a number is missing,
 * and once a minute, because of the last fact of a conversation nobody can know that it is missing. What
 * follows from no fact (the counts after some changes, one's role in a large group) is asked for with the
 * summary of the conversation. Covered by `conversation-state.spec.ts` and `test/client/`.
 */
export class SyncEngine {
  private epoch: string | null = null;
  private nextCursor: string | null = null;
  private readonly listed = new ValueStore({ isLoaded: false, hasMore: false });
  private running: Promise<void> | null = null;
  /** What was heard of conversations whose summary is under way. */
  private readonly unknown = new Map<string, number>();
  private readonly timers = new Map<() => void, ReturnType<typeof setTimeout>>();
  /** For each question that is under way, what was heard since it was asked. */
  private readonly meanwhile = new Set<(() => void)[]>();
  /** Counts the questions, and says for each conversation which one was answered by what is known of it. */
  private questions = 0;
  private readonly answeredBy = new Map<string, number>();
  /** How often in a row what is missing could not be asked for. */
  private failures = 0;
  private isOnline = false;

  constructor(private readonly options: SyncEngineOptions) {}

  /** Whether the list has been read, and whether it goes on after what is known. */
  get list(): Store<{ isLoaded: boolean; hasMore: boolean }> {
    return this.listed;
  }

  /** Brings everything in step, after each time of having heard nothing. */
  async start({ epoch }: { epoch: string }): Promise<void> {
    this.isOnline = true;
    this.failures = 0;
    this.running = null;
    if (this.epoch !== null && this.epoch !== epoch) this.beginAnew();
    await this.catchUp();
    this.plan(this.routine, ROUTINE_EVERY_MS);
  }

  /** No facts come any more. */
  stop(): void {
    this.isOnline = false;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  forget(): void {
    this.epoch = null;
    this.nextCursor = null;
    this.listed.set({ isLoaded: false, hasMore: false });
    this.unknown.clear();
    this.answeredBy.clear();
    this.options.states.clear();
  }

  /** Reads the next page of the list. */
  async loadMore(): Promise<void> {
    if (this.nextCursor === null) return;
    await this.takeAnswer(this.options.getPage(this.nextCursor), ({ items, nextCursor }, question) => {
      this.goOnAt(nextCursor);
      for (const summary of items) this.takeSummary(summary, question);
    });
    this.repair();
  }

  /**
   * Takes in an answer, and then once more what was heard since the question: the answer may be from before
   * it, and of what has no number nobody can tell. `take` is told the number of the question, for `isLate`.
   */
  async takeAnswer<T>(question: Promise<T>, take: (answer: T, question: number) => void): Promise<void> {
    const heard: (() => void)[] = [];
    const number = (this.questions += 1);
    this.meanwhile.add(heard);
    try {
      take(await question, number);
      for (const takeIn of heard) takeIn();
    } finally {
      this.meanwhile.delete(heard);
    }
  }

  /**
   * Whether a later question about this conversation was answered already: a request may outlive its
   * connection, and what was told in between was not heard. Otherwise, this question is the latest.
   */
  isLate(conversationId: string, question: number): boolean {
    if ((this.answeredBy.get(conversationId) ?? 0) > question) return true;
    this.answeredBy.set(conversationId, question);
    return false;
  }

  hear(heard: Heard): void {
    const { states } = this.options;
    switch (heard.type) {
      case 'message:sent':
      case 'message:changed':
        this.takeOrdered(heard.payload.conversationId, heard.payload.seq, (state) => applyFact(state, heard));
        this.options.onMessages([heard.payload.message]);
        break;
      case 'conversation:changed': {
        const { conversationId, seq } = heard.payload;
        this.takeOrdered(conversationId, seq, (state) => applyConversation(state, heard.payload));
        this.options.onPeople();
        break;
      }
      case 'conversation:joined':
        this.takeNow(() => this.join(heard.payload));
        this.options.onPeople();
        break;
      case 'conversation:left':
        this.takeNow(() => this.leave(heard.payload));
        this.options.onPeople();
        break;
      case 'receipt:changed': {
        const { conversationId, ...receipt } = heard.payload;
        this.takeNow(() => states.update(conversationId, (state) => applyReceipt(state, receipt)));
        break;
      }
      case 'settings:changed': {
        const { conversationId, settings } = heard.payload;
        this.takeNow(() => states.update(conversationId, (state) => applySettings(state, settings)));
        break;
      }
      case 'user:changed': {
        const { user } = heard.payload;
        this.takeNow(() => {
          for (const state of states.all()) states.set(state.summary.conversation.id, applyUser(state, user));
        });
        break;
      }
      default:
        return;
    }
    this.repair();
  }

  /** Looks whether something is missing, and plans to ask for it. */
  repair(): void {
    const all = this.options.states.all();
    if (all.some(isBehind)) this.plan(this.catchUpIfBehind, REPAIR_AFTER_MS);
    if (all.some((state) => state.isStale)) this.plan(this.refreshStale, STALE_AFTER_MS);
  }

  /** Asks the server what was missed. Of several at once the later ones wait for one more round. */
  catchUp(): Promise<void> {
    const round = (this.running ?? Promise.resolve()).catch(() => undefined).then(() => this.ask());
    this.running = round;
    return round;
  }

  /** Gets a conversation that is not in the part of the list that is known. */
  async discover(conversationId: string, seq = 0): Promise<void> {
    const heard = this.unknown.get(conversationId);
    this.unknown.set(conversationId, Math.max(heard ?? 0, seq));
    if (heard !== undefined) return;
    try {
      await this.takeAnswer(this.options.getSummary(conversationId), (summary, question) =>
        this.takeSummary(summary, question),
      );
      const known = this.unknown.get(conversationId) ?? 0;
      this.options.states.update(conversationId, (state) => ({ ...state, known: Math.max(state.known, known) }));
    } finally {
      this.unknown.delete(conversationId);
    }
    this.repair();
  }

  private async ask(): Promise<void> {
    const known = this.options.states.all().map(({ summary, last }) => [summary.conversation.id, last] as const);
    for (let from = 0; from === 0 || from < known.length; from += LIMITS.syncCursorsMax) {
      const ids = new Set(known.slice(from, from + LIMITS.syncCursorsMax).map(([id]) => id));
      for (let more = true; more;) more = await this.askAbout(ids);
    }
    this.repair();
  }

  /** One question with the cursors of these conversations. */
  private async askAbout(ids: ReadonlySet<string>): Promise<boolean> {
    const { states } = this.options;
    const cursors = Object.fromEntries([...ids].flatMap((id) => entryOf(id, states.get(id))));
    let more = false;
    await this.takeAnswer(this.options.sync({ epoch: this.epoch, cursors }), (reply, question) => {
      if (this.epoch !== null && this.epoch !== reply.epoch) this.beginAnew();
      this.epoch = reply.epoch;
      this.take(reply, cursors, question);
      more = reply.more;
    });
    return more;
  }

  private beginAnew(): void {
    this.forget();
    this.options.onNewHistory();
  }

  private take(
    { conversations, nextCursor, updates, removed }: SyncReply,
    asked: Record<string, number>,
    question: number,
  ): void {
    const { states } = this.options;
    // Below a conversation that did not move nothing has moved, so the list goes on where it went on before.
    const isConnected = conversations.some(
      ({ conversation, lastActivityAt }) => states.get(conversation.id)?.summary.lastActivityAt === lastActivityAt,
    );
    if (!this.listed.getSnapshot().isLoaded || !isConnected) this.goOnAt(nextCursor);
    for (const id of removed) states.set(id, null);
    const behind = new Set(updates.map(({ conversationId }) => conversationId));
    for (const summary of conversations) this.takeSummary(summary, question, behind.has(summary.conversation.id));
    for (const update of updates) {
      const { conversationId: id } = update;
      if (update.kind === 'reset' && update.head < (asked[id] ?? 0)) this.goBack(conversations, update);
      else states.update(id, (state) => applyUpdate(state, update));
    }
    this.options.onMessages(updates.flatMap(({ messages }) => messages));
  }

  /** The server does not have what was known: of this conversation nothing is known any more. */
  private goBack(summaries: readonly ConversationSummary[], update: SyncUpdate): void {
    const summary = summaries.find(({ conversation }) => conversation.id === update.conversationId);
    if (summary === undefined) return;
    const { states } = this.options;
    states.set(update.conversationId, applyUpdate(fromSummary(this.options.userId(), summary), update));
    this.options.onNewHistory();
  }

  private goOnAt(nextCursor: string | null): void {
    this.nextCursor = nextCursor;
    this.listed.set({ isLoaded: true, hasMore: nextCursor !== null });
  }

  private takeSummary(summary: ConversationSummary, question: number, hasUpdate = false): void {
    const { states } = this.options;
    const { id } = summary.conversation;
    if (this.isLate(id, question)) return;
    const state = states.get(id);
    if (state === null) states.set(id, fromSummary(this.options.userId(), summary));
    // One that did not know of its rejoining begins anew, unless the answer says itself what to do.
    else if (!hasUpdate && state.last < summary.visibleFromSeq - 1) states.set(id, fromSummary(state.userId, summary));
    else states.set(id, applySummary(state, summary));
    if (state?.summary.conversation.memberVersion !== summary.conversation.memberVersion) this.options.onPeople();
    this.options.onSummary(summary);
  }

  private takeNow(takeIn: () => void): void {
    takeIn();
    for (const heard of this.meanwhile) heard.push(takeIn);
  }

  private takeOrdered(
    conversationId: string,
    seq: number,
    change: (state: ConversationState) => ConversationState,
  ): void {
    const state = this.options.states.get(conversationId);
    if (state !== null) this.options.states.set(conversationId, change(state));
    else void this.discover(conversationId, seq).catch(() => undefined);
  }

  private join(joined: FactMap['conversation:joined']): void {
    const { states } = this.options;
    const state = states.get(joined.conversationId);
    if (state !== null && joined.seq <= state.known) return;
    states.set(joined.conversationId, fromJoining(this.options.userId(), joined));
  }

  /** A leaving that was overtaken by a new joining is over. */
  private leave({ conversationId, seq }: FactMap['conversation:left']): void {
    const state = this.options.states.get(conversationId);
    if (state !== null && seq >= state.summary.visibleFromSeq) this.options.states.set(conversationId, null);
  }

  private plan(task: () => void, ms: number): void {
    if (!this.isOnline || this.timers.has(task)) return;
    const run = (): void => {
      this.timers.delete(task);
      task();
    };
    this.timers.set(task, setTimeout(run, jittered(ms)));
  }

  private readonly catchUpIfBehind = (): void => {
    if (!this.options.states.all().some(isBehind)) return;
    // A connection may outlive what made the question fail, a database that is away for a moment.
    this.catchUp().then(
      () => (this.failures = 0),
      () => this.plan(this.catchUpIfBehind, backoffMs((this.failures += 1))),
    );
  };

  private readonly routine = (): void => {
    void this.catchUp()
      .catch(() => undefined)
      .finally(() => this.plan(this.routine, ROUTINE_EVERY_MS));
  };

  private readonly refreshStale = (): void => {
    void this.refresh().finally(() => this.repair());
  };

  private async refresh(): Promise<void> {
    const { states } = this.options;
    for (const { summary, isStale } of states.all()) {
      const { id } = summary.conversation;
      if (!isStale) continue;
      try {
        await this.takeAnswer(this.options.getSummary(id), (fresh, question) => this.takeSummary(fresh, question));
      } catch (error) {
        if (error instanceof ParleyError && error.code === 'conversation_not_found') states.set(id, null);
        else return;
      }
    }
  }
}

function entryOf(id: string, state: ConversationState | null): [string, number][] {
  return state === null ? [] : [[id, state.last]];
}
