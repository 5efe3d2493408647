import type { DisconnectReason, FactMap, FactName } from '@parley/contracts';

/** Who may know a fact. Fan-out reads this and nothing else; it has no switch over kinds. */
export type Audience =
  | { conversationId: string }
  | { userIds: readonly string[] }
  | { sessionIds: readonly string[] }
  /** Those who watch this person's presence. */
  | { watchersOf: string };

/**
 * Where in a conversation a fact belongs. It also travels alone, as a hint, when a change is too
 * large for the bus (`FactBus.onHint`): then the receiver reads the change from the database.
 */
export interface Position {
  conversationId: string;
  /** The number that the change took. */
  seq: number;
  /** The conversation's member version after the change. */
  memberVersion: number;
  /** People who belong to the conversation since this change. */
  joined?: readonly string[];
  /** People who do not any more; they see this change and nothing after it. */
  left?: readonly string[];
}

interface FactOf<N extends FactName> {
  type: N;
  audience: Audience;
  payload: FactMap[N];
  /** Set on facts about a conversation that last: they are delivered in this order. */
  position?: Position;
  /** Ends the connections that hear this fact. */
  closes?: DisconnectReason;
  /**
   * On a receipt for a conversation: how often its person had turned the switch of their read receipts when it was
   * made. The switch decides what is in it.
   */
  switchVersion?: number;
  /** Only those of the audience hear it who watch this person's presence, and it ends their watching. */
  unwatches?: string;
}

/** Something that happened, and who may know. The same literals travel on the wire. */
export type Fact = { [N in FactName]: FactOf<N> }[FactName];

/**
 * The facts of one change, in the order in which they are to be heard. All of them have the same
 * position, or none has one.
 */
export type Change = readonly Fact[];

/** Splits the facts of a transaction into its changes: neighbours with the same position. */
export function toChanges(facts: readonly Fact[]): Change[] {
  const changes: Fact[][] = [];
  let previous: Fact | undefined;
  for (const fact of facts) {
    const current = changes.at(-1);
    if (current !== undefined && previous !== undefined && samePosition(previous, fact)) current.push(fact);
    else changes.push([fact]);
    previous = fact;
  }
  return changes;
}

function samePosition(a: Fact, b: Fact): boolean {
  if (a.position === undefined || b.position === undefined) return false;
  return a.position.conversationId === b.position.conversationId && a.position.seq === b.position.seq;
}
