import type { Rule } from '../checker/violation.js';
import type { Fault } from '../faults/fault.js';

/** A server with one thing wrong, and the circumstances under which it shows. */
export interface SeededBug {
  /** Completes "catches a server that …". */
  sentence: string;
  /** The rules that may report it; any of them is a catch. */
  caughtBy: readonly Rule[];
  /** The directed fault. The unmodified server passes it. */
  fault: Fault;
  /** A file of `preloads/`; null for a bug in SQL. */
  preload: string | null;
  prepare(databaseUrl: string): Promise<void>;
}

export function inProcess(bug: Omit<SeededBug, 'prepare' | 'preload'> & { preload: string }): SeededBug {
  const preload = new URL(`../preloads/${bug.preload}`, import.meta.url).href;
  return { ...bug, preload, prepare: () => Promise.resolve() };
}

export function inSql(bug: Omit<SeededBug, 'preload'>): SeededBug {
  return { ...bug, preload: null };
}
