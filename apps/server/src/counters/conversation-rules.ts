import type { Difference } from './difference.js';

/** A conversation, as far as its numbers have to fit together. */
export interface ConversationFacts {
  id: string;
  kind: string;
  hasDirectKey: boolean;
  /** The number that its head says was taken last, and the highest that a message has. */
  lastSeq: number;
  highest: number;
  messages: number;
  /** Of those who belong to it now. */
  roles: string[];
  /** By rule, the rows that break it. */
  broken: Record<string, string[]>;
}

/** What does not fit. Pure. */
export function checkConversation(facts: ConversationFacts): Difference[] {
  const place = `conversation ${facts.id}`;
  const owners = facts.roles.filter((role) => role === 'owner').length;
  const isDirect = facts.kind === 'direct';
  const rules: Difference[] = [
    // The latest change of all cannot have been replaced by a later one, so its number is found.
    { place, what: 'the last number', shown: facts.lastSeq, recounted: facts.highest },
    { place, what: 'the key of a pair', shown: facts.hasDirectKey, recounted: isDirect },
    ...(isDirect
      ? [{ place, what: 'the members of a pair', shown: facts.roles.length, recounted: 2 }]
      : [{ place, what: 'owners', shown: owners, recounted: facts.roles.length === 0 ? 0 : 1 }]),
  ];
  const broken = Object.entries(facts.broken).map(([what, rows]) => ({
    place,
    what,
    shown: rows.join(', '),
    recounted: '',
  }));
  return [...rules, ...broken].filter(({ shown, recounted }) => shown !== recounted);
}
