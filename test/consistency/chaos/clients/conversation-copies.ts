import { setTimeout as pause } from 'node:timers/promises';
import type { FactMap, FactName, MessagePage, SyncReply, SyncRequest } from '@parley/contracts';
import { ConversationCopy } from './conversation-copy.js';

const AGAIN_AFTER_MS = 200;

/** Reads the page of history before a number. */
export type ReadPage = (conversationId: string, before: number) => Promise<MessagePage | 'gone' | 'later'>;

/** The conversations of a plain client, as `docs/protocol.md` tells it to keep them. */
export class ConversationCopies {
  private epoch: string | null = null;
  private readonly copies = new Map<string, ConversationCopy>();
  /** The memberships that the question under way is about. */
  private askedAbout = new Map<string, number>();
  /** Whether something was heard of a conversation that is not known. */
  private heardOfOthers = false;

  constructor(private readonly readPage: ReadPage) {}

  get(conversationId: string): ConversationCopy | undefined {
    return this.copies.get(conversationId);
  }

  all(): ConversationCopy[] {
    return [...this.copies.values()];
  }

  get areBehind(): boolean {
    return this.heardOfOthers || this.all().some(({ isBehind }) => isBehind);
  }

  /** Takes a fact; `missing` when something before it did not come. */
  hear<N extends FactName>(fact: N, payload: FactMap[N]): 'taken' | 'missing' {
    if (fact === 'conversation:joined') this.join(payload as FactMap['conversation:joined']);
    if (fact === 'conversation:left') this.leave(payload as FactMap['conversation:left']);
    if (fact === 'message:sent' || fact === 'message:changed') {
      const told = payload as FactMap['message:sent'];
      const copy = this.copies.get(told.conversationId);
      if (copy === undefined) this.heardOfOthers = true;
      else copy.hear(told);
    }
    return this.areBehind ? 'missing' : 'taken';
  }

  /** What to ask `sync`. */
  question(): SyncRequest {
    this.heardOfOthers = false;
    this.askedAbout = new Map(this.all().map(({ id, since }) => [id, since]));
    return { epoch: this.epoch, cursors: Object.fromEntries(this.all().map(({ id, last }) => [id, last])) };
  }

  /** Takes an answer in, but not for memberships that began after its question: of those it may not know. */
  async take({ epoch, conversations, updates, removed }: SyncReply): Promise<void> {
    if (this.epoch !== null && this.epoch !== epoch) this.copies.clear();
    this.epoch = epoch;
    for (const id of removed) if (this.wasAskedAbout(id)) this.copies.delete(id);
    for (const { conversation, lastSeq, visibleFromSeq } of conversations) {
      const { id } = conversation;
      if (this.copies.has(id) || this.askedAbout.has(id)) continue;
      this.copies.set(id, new ConversationCopy(id, lastSeq, visibleFromSeq, { hasOlder: true }));
    }
    for (const update of updates) {
      if (this.wasAskedAbout(update.conversationId)) this.copies.get(update.conversationId)?.take(update);
    }
    await this.complete();
  }

  /** Reads what is missing of the history of each. */
  async complete(): Promise<void> {
    for (const copy of this.all()) {
      for (let before = copy.missingBefore; before !== null && this.copies.get(copy.id) === copy;) {
        const page = await this.readPage(copy.id, before);
        if (page === 'gone') this.copies.delete(copy.id);
        else if (page === 'later') await pause(AGAIN_AFTER_MS);
        else copy.takePage(page);
        before = copy.missingBefore;
      }
    }
  }

  private wasAskedAbout(id: string): boolean {
    const copy = this.copies.get(id);
    return copy !== undefined && copy.since === this.askedAbout.get(id);
  }

  private join({ conversationId, seq }: FactMap['conversation:joined']): void {
    const copy = this.copies.get(conversationId);
    if (copy !== undefined && copy.last >= seq) return;
    this.copies.set(conversationId, new ConversationCopy(conversationId, seq - 1, seq, { hasOlder: false }));
  }

  /** A leaving that was overtaken by a new joining is over. */
  private leave({ conversationId, seq }: FactMap['conversation:left']): void {
    const copy = this.copies.get(conversationId);
    if (copy !== undefined && seq >= copy.since) this.copies.delete(conversationId);
  }
}
