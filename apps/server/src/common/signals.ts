import { channel, subscribe, unsubscribe, type Channel } from 'node:diagnostics_channel';
import type { DisconnectReason, ErrorCode } from '@parley/contracts';

/**
 * Something that happened and that somebody may want to count. Whoever tells it knows nobody who hears it, and
 * pays nearly nothing while nobody does; so a feature need not depend on how it is watched.
 *
 * Signals are of the process, not of one application in it: what counts them counts a node.
 */
export class Signal<T> {
  private readonly channel: Channel;

  private readonly name: string;

  constructor(name: string) {
    this.name = `parley:${name}`;
    this.channel = channel(this.name);
  }

  /** Whether anybody listens; for what is dear to find out. */
  get isHeard(): boolean {
    return this.channel.hasSubscribers;
  }

  tell(message: T): void {
    if (this.channel.hasSubscribers) this.channel.publish(message);
  }

  /** Calls `listener` from now on, within {@link tell}. Returns how to stop. */
  hear(listener: (message: T) => void): () => void {
    const own = (message: unknown): void => listener(message as T);
    subscribe(this.name, own);
    return () => {
      unsubscribe(this.name, own);
    };
  }
}

/** All of them. Times are in seconds. */
export const SIGNALS = {
  /** A request is over. `route` as it was declared; null for files and for what is none. */
  request: new Signal<{ method: string; route: string | null; status: number; seconds: number }>('request'),
  /** A command was answered; from when it came in. */
  command: new Signal<{ command: string; ok: boolean; seconds: number }>('command'),
  /** Something was refused, over REST or to a socket. */
  refusal: new Signal<{ edge: 'rest' | 'socket'; code: ErrorCode }>('refusal'),
  /** A socket came (1) or went (-1). */
  socket: new Signal<{ change: 1 | -1 }>('socket'),
  /** The server ended a socket. */
  socketEnded: new Signal<{ reason: DisconnectReason }>('socket-ended'),
  /** A batch of messages was written; `waited` is how long its oldest message was in the queue. */
  batch: new Signal<{ messages: number; waited: number; seconds: number }>('batch'),
  /** Outbox rows were found that a writer left behind. */
  leftBehind: new Signal<{ rows: number }>('left-behind'),
  /** Somebody was told what they missed. */
  sync: new Signal<{ messages: number; resets: number }>('sync'),
  /** A node read up what it did not hear of a conversation. */
  gap: new Signal<{ numbers: number }>('gap'),
} as const;
