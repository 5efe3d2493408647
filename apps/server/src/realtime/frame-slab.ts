import type { OutgoingPacket } from './outgoing-packet.js';

const SLAB_BYTES = 256 * 1024;

/** A text frame that is the whole message; the server never masks. */
const FINAL_TEXT = 0x81;
/** Engine.IO's type of the packets that carry Socket.IO's. */
const MESSAGE = 0x34;

/**
 * Where frames are written before they go to the system: one piece of memory, used again for each
 * turn of the event loop.
 *
 * A Buffer of its own for each frame would be memory outside of the heap, which drives full garbage
 * collections: the longest pauses of a busy server. Invariant: a piece of memory of which a stream has
 * kept anything is never used from its beginning again; it is filled to its end and left to that stream.
 */
export class FrameSlab {
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private used = 0;
  /** Whether a stream has kept some of what this slab holds, in this turn or in one before. */
  private isKept = false;

  /** Writes the packet as a frame, unless that has been done in this turn. */
  encode(packet: OutgoingPacket): void {
    if (packet.slab !== null) return;
    const { text } = packet;
    const length = 1 + Buffer.byteLength(text);
    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const start = this.take(header + length);
    const { slab } = this;
    writeHeader(slab, start, length);
    slab[start + header] = MESSAGE;
    slab.write(text, start + header + 1);
    packet.slab = slab;
    packet.start = start;
    packet.end = start + header + length;
  }

  /** The frames of these packets in one piece; they have been encoded in this turn. */
  join(packets: readonly OutgoingPacket[]): Buffer {
    const [first] = packets;
    const last = packets.at(-1);
    if (first === undefined || last === undefined || first.slab === null) throw new Error('There is nothing to join');
    if (areNeighbours(packets)) return first.slab.subarray(first.start, last.end);
    let length = 0;
    for (const { start, end } of packets) length += end - start;
    const start = this.take(length);
    let at = start;
    for (const packet of packets) at += packet.slab?.copy(this.slab, at, packet.start, packet.end) ?? 0;
    return this.slab.subarray(start, at);
  }

  /** Ends the turn: no stream uses what has been given out in it any more, unless one has `kept` some. */
  recycle(kept: boolean): void {
    this.isKept ||= kept;
    if (!this.isKept) this.used = 0;
  }

  private take(bytes: number): number {
    if (this.used + bytes > this.slab.length) {
      // The old one lives on for as long as a frame in it does.
      this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes));
      this.used = 0;
      this.isKept = false;
    }
    const start = this.used;
    this.used += bytes;
    return start;
  }
}

function writeHeader(slab: Buffer, start: number, length: number): void {
  slab[start] = FINAL_TEXT;
  if (length < 126) {
    slab[start + 1] = length;
  } else if (length < 65_536) {
    slab[start + 1] = 126;
    slab.writeUInt16BE(length, start + 2);
  } else {
    slab[start + 1] = 127;
    slab.writeUInt32BE(0, start + 2);
    slab.writeUInt32BE(length, start + 6);
  }
}

function areNeighbours(packets: readonly OutgoingPacket[]): boolean {
  for (let index = 1; index < packets.length; index += 1) {
    const before = packets[index - 1];
    if (packets[index]?.slab !== before?.slab || packets[index]?.start !== before?.end) return false;
  }
  return true;
}
