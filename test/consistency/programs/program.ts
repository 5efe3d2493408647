import type { Role, UpdateConversationSettings } from '@parley/contracts';

/** A random story: who takes part, and what they do on which of their devices. */
export interface Program {
  people: number;
  groups: number;
  /** Texts that are there before anybody connects, so that histories have several pages. */
  prologue: number;
  steps: readonly Step[];
}

export interface Step {
  person: number;
  device: number;
  action: Action;
  /** Whether the next step begins before this one is over. */
  goesOn: boolean;
}

export interface Body {
  text: string;
  /** Nobody, everybody, or the person with this number. */
  mention: 'nobody' | 'everybody' | number;
}

/**
 * Numbers stand for people, conversations and messages, and are taken modulo how many there are when the
 * step is carried out: a program that was made smaller still means something.
 */
export type Action =
  | { do: 'send'; where: number; body: Body; replyTo: number | null }
  | { do: 'send the same again'; pick: number; over: 'REST' | 'the socket' }
  | { do: 'retry' | 'discard'; where: number; pick: number }
  | { do: 'edit'; where: number; pick: number; body: Body; version: 'none' | 'shown' | 'stale' }
  | { do: 'delete'; where: number; pick: number }
  | { do: 'react' | 'unreact'; where: number; pick: number; emoji: string }
  | { do: 'read'; where: number; pick: number }
  | { do: 'add' | 'remove'; where: number; whom: number }
  | { do: 'change role'; where: number; whom: number; role: Role }
  | { do: 'leave'; where: number }
  | { do: 'rename'; where: number }
  | { do: 'change settings'; where: number; settings: UpdateConversationSettings }
  | { do: 'show reads'; shown: boolean }
  | { do: 'load older' | 'load newer' | 'jump to latest'; where: number }
  | { do: 'jump to'; where: number; pick: number }
  | { do: 'go offline' | 'come back' | 'break the connection' | 'lose the next answer' | 'reload' }
  | { do: 'disturb hints'; how: Disturbance; choices: readonly number[] }
  | { do: 'let hints pass' };

/** What a bad network, or a node that lags, does to what the server tells. */
export type Disturbance = 'lose' | 'repeat' | 'reorder';
