import type { Audience, Change, Fact, Position } from '../fact.js';
import { encodeChanges, encodeHint, type Sender } from './envelope.js';

export interface Packed {
  /** Envelopes of at most the given size, in order. */
  texts: string[];
  /** Facts that fit in no envelope and have no position to hint at. */
  dropped: number;
}

/**
 * Packs changes into envelopes of at most `maxBytes`, in their order. A change that is too large
 * goes as a hint when it has a position; an addressed fact without one is split by its addressees.
 */
export function packSmall(sender: Sender, changes: readonly Change[], maxBytes: number): Packed {
  const packer = new Packer(sender, maxBytes);
  for (const change of changes) packer.add(change);
  return packer.finish();
}

class Packer {
  private readonly texts: string[] = [];
  private readonly emptyBytes: number;
  private parts: string[] = [];
  private bytes: number;
  private dropped = 0;

  constructor(
    private readonly sender: Sender,
    private readonly maxBytes: number,
  ) {
    this.emptyBytes = Buffer.byteLength(encodeChanges(sender, []));
    this.bytes = this.emptyBytes;
  }

  add(change: Change): void {
    const part = JSON.stringify(change);
    const partBytes = Buffer.byteLength(part) + 1;
    if (this.emptyBytes + partBytes > this.maxBytes) {
      this.addLarge(change);
      return;
    }
    if (this.bytes + partBytes > this.maxBytes) this.close();
    this.parts.push(part);
    this.bytes += partBytes;
  }

  finish(): Packed {
    this.close();
    return { texts: this.texts, dropped: this.dropped };
  }

  private close(): void {
    if (this.parts.length === 0) return;
    this.texts.push(encodeChanges(this.sender, this.parts));
    this.parts = [];
    this.bytes = this.emptyBytes;
  }

  private addLarge(change: Change): void {
    const position = change[0]?.position;
    if (position !== undefined) {
      this.close();
      this.addHint(position);
      return;
    }
    for (const fact of change) {
      const halves = splitAudience(fact);
      if (halves.length === 0) this.dropped += 1;
      for (const half of halves) this.add([half]);
    }
  }

  private addHint(hint: Position): void {
    const text = encodeHint(this.sender, hint);
    if (Buffer.byteLength(text) <= this.maxBytes) {
      this.texts.push(text);
      return;
    }
    const { joined = [], left = [], ...place } = hint;
    const [firstJoined, otherJoined] = halve(joined);
    const [firstLeft, otherLeft] = halve(left);
    this.addHint({ ...place, joined: firstJoined, left: firstLeft });
    this.addHint({ ...place, joined: otherJoined, left: otherLeft });
  }
}

/** The same fact for each half of the people or sessions it is addressed to; none if that cannot be. */
function splitAudience(fact: Fact): Fact[] {
  return halveAudience(fact.audience).map((audience) => ({ ...fact, audience }));
}

function halveAudience(audience: Audience): Audience[] {
  if ('userIds' in audience && audience.userIds.length > 1) {
    return halve(audience.userIds).map((userIds) => ({ userIds }));
  }
  if ('sessionIds' in audience && audience.sessionIds.length > 1) {
    return halve(audience.sessionIds).map((sessionIds) => ({ sessionIds }));
  }
  return [];
}

function halve<T>(items: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
