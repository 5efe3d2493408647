import type { MessagePage, MessageView, SyncUpdate } from '@parley/contracts';
import { stateOf } from '../history/message.js';

const HELD_MAX = 64;

interface Told {
  seq: number;
  message: MessageView;
}

/**
 * A client's copy of one conversation, kept by the rule for conversations of `docs/protocol.md` and by nothing
 * else: apply the next number, drop what is not higher, hold what is further on and ask.
 */
export class ConversationCopy {
  private messages = new Map<number, MessageView>();
  private readonly held = new Map<number, Told>();
  /** Where the history goes on that was not read yet: before this number; null when there is nothing more. */
  private olderThan: number | null;

  constructor(
    readonly id: string,
    /** The highest number taken in. */
    public last: number,
    /** Since when its person belongs to it. */
    readonly since: number,
    { hasOlder }: { hasOlder: boolean },
  ) {
    this.olderThan = hasOlder ? last + 1 : null;
  }

  get shown(): MessageView[] {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** Whether something is missing before what is held. */
  get isBehind(): boolean {
    return this.held.size > 0;
  }

  /** What to ask `GET …/messages?before=` for; null when the copy is complete. */
  get missingBefore(): number | null {
    return this.olderThan;
  }

  hear(told: Told): void {
    if (told.seq <= this.last) return;
    if (this.held.size < HELD_MAX || told.seq === this.last + 1) this.held.set(told.seq, told);
    this.applyHeld();
  }

  take(update: SyncUpdate): void {
    if (update.kind === 'reset') {
      this.messages = new Map();
      this.olderThan = update.hasMoreBefore ? (update.messages[0]?.seq ?? update.head + 1) : null;
    }
    for (const message of update.messages) this.merge(message);
    this.last = update.kind === 'reset' ? update.head : Math.max(this.last, update.to);
    this.applyHeld();
  }

  takePage({ items, before }: MessagePage): void {
    for (const message of items) this.merge(message);
    this.olderThan = before;
  }

  /** Of two views of one message the one of the later change is the newer. */
  merge(message: MessageView): void {
    const known = this.messages.get(message.seq);
    if (known === undefined || stateOf(message) > stateOf(known)) this.messages.set(message.seq, message);
  }

  private applyHeld(): void {
    for (const seq of this.held.keys()) if (seq <= this.last) this.held.delete(seq);
    for (let next = this.held.get(this.last + 1); next !== undefined; next = this.held.get(this.last + 1)) {
      this.merge(next.message);
      this.held.delete(next.seq);
      this.last = next.seq;
    }
  }
}
