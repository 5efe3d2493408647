import type { Change, Position } from '../fact.js';

/** Who sends, and in which history of the database. The same on every envelope of a node. */
export interface Sender {
  node: string;
  epoch: string;
}

/** What travels between nodes, as JSON. One with neither changes nor a hint is a canary. */
export interface Envelope extends Sender {
  changes?: Change[];
  hint?: Position;
}

export function encodeCanary(sender: Sender): string {
  return JSON.stringify(sender);
}

/** An envelope around changes that are JSON already. */
export function encodeChanges(sender: Sender, changes: readonly string[]): string {
  return `${JSON.stringify(sender).slice(0, -1)},"changes":[${changes.join(',')}]}`;
}

export function encodeHint(sender: Sender, hint: Position): string {
  return JSON.stringify({ ...sender, hint });
}

/** Reads what came over the wire; null when it is not an envelope. */
export function decodeEnvelope(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text);
    return isEnvelope(value) ? value : null;
  } catch {
    return null;
  }
}

// NOTE: only nodes write to the bus, so what is inside the changes is taken on trust.
function isEnvelope(value: unknown): value is Envelope {
  if (value === null || typeof value !== 'object') return false;
  const { node, epoch, changes } = value as Partial<Envelope>;
  return (
    typeof node === 'string' &&
    typeof epoch === 'string' &&
    (changes === undefined || (Array.isArray(changes) && changes.every(Array.isArray)))
  );
}
