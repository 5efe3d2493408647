import type { MessageView } from '@parley/contracts';
import type { ShownState } from '../checker/evidence.js';

export interface Text {
  clientId: string;
  body: string;
}

/** A change of a message that is there. */
export type Change =
  | { kind: 'edit'; seq: number; body: string }
  | { kind: 'delete'; seq: number }
  | { kind: 'react' | 'unreact'; seq: number; emoji: string };

/**
 * A client of somebody, of whatever kind. What it does it writes into the history, and carries on with until it
 * is answered for certain, through whatever faults.
 */
export interface Device {
  readonly name: string;
  readonly userId: string;
  /** Sends these texts, one after the other or pipelined, as this kind of client does. */
  send(conversationId: string, texts: readonly Text[]): Promise<void>;
  change(conversationId: string, change: Change): Promise<void>;
  markRead(conversationId: string, seq: number): Promise<void>;
  /** Messages that it knows of, to do something with. */
  known(conversationId: string): readonly MessageView[];
  /** Whether it shows this conversation as one of its own. */
  has(conversationId: string): boolean;
  /** Whether it is connected, and has caught up. */
  readonly isInStep: boolean;
  /** Reads what it shows in the end: all of the history. */
  shown(): Promise<ShownState>;
  close(): void;
}
