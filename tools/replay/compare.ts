/** A message that the replay sent, with everything that is known of it. */
export interface Sent {
  line: number;
  clientId: string;
  senderId: string;
  body: string;
  /** The number in the ack; null when the server refused the message. */
  seq: number | null;
}

/** A message as the history or a listener has it. */
export interface Seen {
  seq: number;
  clientId: string | null;
  senderId: string;
  body: string | null;
}

export type DifferenceKind =
  /** The server refused a message that it has to take. */
  | 'refused'
  /** Expected here, and not here. */
  | 'missing'
  | 'repeated'
  | 'reordered'
  | 'changed_text'
  | 'wrong_sender'
  /** Another number than the ack said. */
  | 'renumbered'
  /** Of this log, but not for this listener. */
  | 'leaked'
  /** Not of this log. */
  | 'foreign'
  /** A number that no message has, or that two have. */
  | 'gap'
  /** Somebody may read what they should not, or may not read what they should. */
  | 'access'
  | 'wrong_name';

export interface Difference {
  kind: DifferenceKind;
  /** Where it shows: `history`, or the nick of a listener. */
  where: string;
  line: number | null;
  detail: string;
}

/** What one place (the history, a listener) should have seen, and what it saw. */
export interface Comparison {
  where: string;
  expected: readonly Sent[];
  seen: readonly Seen[];
  /** Every message of the replay by its client id, to tell what leaked from what is foreign. */
  sent: ReadonlyMap<string, Sent>;
}

/** Finds every way in which what was seen differs from what was to be seen: once each, in order, unchanged. */
export function compareSeen(comparison: Comparison): Difference[] {
  return new Comparer(comparison).compare();
}

class Comparer {
  private readonly differences: Difference[] = [];
  /** Where each expected message stands in the order. */
  private readonly places: ReadonlyMap<string, number>;
  private readonly found = new Set<string>();
  private latestPlace = -1;
  private latestSeq = 0;

  constructor(private readonly comparison: Comparison) {
    this.places = new Map(comparison.expected.map(({ clientId }, index) => [clientId, index]));
  }

  compare(): Difference[] {
    for (const message of this.comparison.seen) this.look(message);
    for (const { clientId, line, body, seq } of this.comparison.expected) {
      if (!this.found.has(clientId)) this.report('missing', line, `${quote(body)} (seq ${seq ?? 'unknown'})`);
    }
    return this.differences;
  }

  private look(message: Seen): void {
    const what = `${quote(message.body)} (seq ${message.seq})`;
    const original = message.clientId === null ? undefined : this.comparison.sent.get(message.clientId);
    if (original === undefined) return this.report('foreign', null, what);
    const place = this.places.get(original.clientId);
    if (place === undefined) return this.report('leaked', original.line, what);
    if (this.found.has(original.clientId)) return this.report('repeated', original.line, what);
    this.found.add(original.clientId);
    if (place < this.latestPlace || message.seq <= this.latestSeq) {
      this.report('reordered', original.line, `${what} comes after seq ${this.latestSeq}`);
    }
    this.latestPlace = Math.max(this.latestPlace, place);
    this.latestSeq = Math.max(this.latestSeq, message.seq);
    for (const [kind, detail] of compareMessage(original, message)) this.report(kind, original.line, detail);
  }

  private report(kind: DifferenceKind, line: number | null, detail: string): void {
    this.differences.push({ kind, where: this.comparison.where, line, detail });
  }
}

function* compareMessage(original: Sent, message: Seen): Iterable<[DifferenceKind, string]> {
  if (message.body !== original.body) {
    yield ['changed_text', `${quote(original.body)} became ${quote(message.body)}`];
  }
  if (message.senderId !== original.senderId) {
    yield ['wrong_sender', `sent by ${original.senderId}, shown as from ${message.senderId}`];
  }
  if (message.seq !== original.seq) {
    yield ['renumbered', `seq ${message.seq}, but the ack said ${original.seq ?? 'nothing'}`];
  }
}

/** Finds where the numbers of a whole conversation, system messages included, are not 1, 2, 3 … */
export function compareNumbers(seqs: readonly number[]): Difference[] {
  const differences: Difference[] = [];
  let previous = 0;
  for (const seq of seqs) {
    if (seq !== previous + 1) {
      differences.push({ kind: 'gap', where: 'history', line: null, detail: `seq ${seq} follows ${previous}` });
    }
    previous = seq;
  }
  return differences;
}

const QUOTED_MAX = 60;

function quote(body: string | null): string {
  if (body === null) return 'a message without text';
  return JSON.stringify(body.length > QUOTED_MAX ? `${body.slice(0, QUOTED_MAX).toWellFormed()}…` : body);
}
