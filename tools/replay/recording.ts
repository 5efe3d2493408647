import type { MessageView } from '@parley/contracts';
import type { Seen } from './compare.js';

/**
 * Keeps what many listeners hear, each message once: a hundred listeners of one message share one
 * entry. A listener who hears it differently gets an entry of their own.
 */
export class HeardMessages {
  private readonly bySeq = new Map<number, Seen>();

  intern({ seq, clientId, senderId, body }: MessageView): Seen {
    const known = this.bySeq.get(seq);
    if (known === undefined) {
      const seen: Seen = { seq, clientId, senderId, body };
      this.bySeq.set(seq, seen);
      return seen;
    }
    const same = known.clientId === clientId && known.senderId === senderId && known.body === body;
    return same ? known : { seq, clientId, senderId, body };
  }
}

/**
 * What one listener has: everything heard live, in the order in which it came, and what history
 * filled in after a break of the connection.
 *
 * While the break is being repaired, what comes live waits; then it follows what history had, and
 * what history had already is dropped. A message is committed before it is told, so history may have it
 * a moment earlier: told once after that, it is dropped as well. Outside of this nothing is sorted,
 * dropped or forgiven: that is for the comparison to find.
 */
export class Recording {
  readonly seen: Seen[] = [];
  /** The highest number recorded. */
  lastSeq = 0;
  private waiting: Seen[] | null = null;
  /** The numbers that history had and that nobody has told yet. */
  private readonly untold = new Set<number>();
  private readonly watchers = new Set<() => void>();

  get repairing(): boolean {
    return this.waiting !== null;
  }

  hear(message: Seen): void {
    if (this.waiting !== null) this.waiting.push(message);
    else if (!this.untold.delete(message.seq)) this.keep(message);
  }

  /** The connection broke: what waited came over it, so history will have it too. */
  beginRepair(): void {
    this.waiting = [];
  }

  /** `missed` is everything in history after {@link lastSeq}, ascending. */
  finishRepair(missed: readonly Seen[]): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const message of missed) {
      this.untold.add(message.seq);
      this.keep(message);
    }
    const repairedTo = this.lastSeq;
    for (const message of waiting) {
      this.untold.delete(message.seq);
      if (message.seq > repairedTo) this.keep(message);
    }
  }

  /** Waits until `seq` is recorded. False when it is not within `withinMs`. */
  reaches(seq: number, withinMs: number): Promise<boolean> {
    if (this.lastSeq >= seq) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (reached: boolean): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        resolve(reached);
      };
      const look = (): void => {
        if (this.lastSeq >= seq) settle(true);
      };
      const timer = setTimeout(() => settle(false), withinMs);
      this.watchers.add(look);
    });
  }

  private keep(message: Seen): void {
    this.seen.push(message);
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    for (const look of this.watchers) look();
  }
}
