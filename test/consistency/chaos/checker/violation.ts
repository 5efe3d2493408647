/** The promises, as the checker looks at them. */
export const RULES = [
  'acknowledged-lost',
  'number-line',
  'sent-twice',
  'contradiction',
  'order',
  'delivery-lost',
  'final-state',
  'after-removal',
  'failure-that-happened',
  'presence',
  'process',
  'recovery',
] as const;

export type Rule = (typeof RULES)[number];

/** A promise that was broken. */
export interface Violation {
  rule: Rule;
  /** What is wrong, for a person. */
  sentence: string;
  /** What shows it: events of the history, rows of the database, states of clients. */
  evidence: readonly unknown[];
}
