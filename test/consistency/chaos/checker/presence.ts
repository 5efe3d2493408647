import type { Case } from './case.js';
import type { Violation } from './violation.js';

/** P9: 28 s, and room for a machine that is busy. */
const RIGHT_WITHIN_MS = 28_000 + 4_000;

/** Rule 8: whoever has had a connection, or none, for longer than the bound is shown so. */
export function* findWrongPresence({ evidence }: Case): Generator<Violation> {
  const open = new Map<string, number>();
  const changedAt = new Map<string, number>();
  for (const event of evidence.history) {
    if (event.type === 'connected' || event.type === 'disconnected') {
      const before = open.get(event.userId) ?? 0;
      const now = before + (event.type === 'connected' ? 1 : -1);
      open.set(event.userId, now);
      if ((before === 0) !== (now === 0)) changedAt.set(event.userId, event.at);
    }
    if (event.type !== 'presence') continue;
    const isConnected = (open.get(event.userId) ?? 0) > 0;
    const settledForMs = event.at - (changedAt.get(event.userId) ?? 0);
    if (isConnected === (event.state !== 'offline') || settledForMs <= RIGHT_WITHIN_MS) continue;
    const sentence = `${event.userId} is shown as ${event.state}, and has been ${isConnected ? 'connected' : 'gone'} for ${settledForMs} ms`;
    yield { rule: 'presence', sentence, evidence: [event] };
  }
}
