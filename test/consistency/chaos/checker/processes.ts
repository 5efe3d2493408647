import type { Case } from './case.js';
import type { ProcessExit, Resources } from './evidence.js';
import type { Violation } from './violation.js';

/** Pools of connections open on demand: so many descriptors may be new after the first traffic. */
const MORE_DESCRIPTORS = 30;
/** What a heap may have grown by before it was worth collecting. */
const MORE_MEGABYTES = 250;

/** Rule 9: nothing died but what a fault ended, nothing was left uncaught, and nothing piled up. */
export function* findProcessFaults({ evidence: { processes } }: Case): Generator<Violation> {
  for (const exit of processes.exits) yield* judgeExit(exit);
  for (const line of processes.alarms) yield fault(`A server said: ${line}`, line);
  for (const text of processes.unhandled) yield fault(`Nobody caught in the clients: ${text}`, text);
  for (const { node, before, after } of processes.resources) yield* judgeResources(node, before, after);
}

function* judgeExit(exit: ProcessExit): Generator<Violation> {
  const { node, code, signal, injected } = exit;
  if (injected === 'SIGKILL' ? signal === 'SIGKILL' : injected === 'SIGTERM' && code === 0) return;
  yield fault(`${node} ended with ${signal ?? code}, and should have ${injected ?? 'gone on'}`, exit);
}

function* judgeResources(node: string, before: Resources, after: Resources): Generator<Violation> {
  if (exceeds(after.descriptors, before.descriptors, MORE_DESCRIPTORS)) {
    yield fault(`${node} has ${after.descriptors} descriptors open, and had ${before.descriptors}`, before, after);
  }
  if (exceeds(after.residentMegabytes, before.residentMegabytes, MORE_MEGABYTES)) {
    yield fault(`${node} holds ${after.residentMegabytes} MB, and held ${before.residentMegabytes}`, before, after);
  }
}

function exceeds(after: number | null, before: number | null, more: number): boolean {
  return after !== null && before !== null && after > before + more;
}

function fault(sentence: string, ...evidence: readonly unknown[]): Violation {
  return { rule: 'process', sentence, evidence };
}
