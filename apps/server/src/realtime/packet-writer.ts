import { Injectable } from '@nestjs/common';
import type { EngineSocket, ParleySocket } from './connection.js';
import { directStreamOf, type DirectStream } from './engine-internals.js';
import { FrameSlab } from './frame-slab.js';
import type { OutgoingPacket } from './outgoing-packet.js';

const WAITING = Symbol('parley:waiting');
const HELD = Symbol('parley:held');
/** What a socket is owed in this turn of the event loop, and its stream while it is held. */
type Owed = EngineSocket & { [WAITING]?: OutgoingPacket[] | null; [HELD]?: DirectStream | null };

/**
 * Writes packets to sockets below `emit`: everything that is owed to a socket in one turn of the event
 * loop leaves in one system call, and what many sockets are owed is put together once.
 *
 * A batch of messages owes each member several frames and their senders an ack for each. A write for
 * each of them is the dearest part of a busy server by far; this is why Parley can be faster than a
 * plain broadcast. Nothing waits for a timer: a turn ends when the code that runs now, and what it has
 * resolved, is done.
 *
 * Guarantee: a socket gets its packets in the order in which they were written here or emitted by
 * Socket.IO. What Socket.IO is about to write puts what waits here before it (`packetCreate`), and while
 * Socket.IO has something waiting itself, because a client polls, upgrades or reads slowly, packets go
 * its way and wait there, where `socket-sweep.ts` counts them.
 *
 * It relies on what `engine-internals.ts` says of Engine.IO and ws. Where that does not hold, everything
 * goes Socket.IO's way. Covered by `packet-writer.int-spec.ts`, on real sockets.
 */
@Injectable()
export class PacketWriter {
  private readonly slab = new FrameSlab();
  private waiting: Owed[] = [];
  private readonly flush = (): void => this.writeWaiting();
  private readonly beforeOthers = this.orderListener();

  /** Begins with a connection: from now on its order is kept. */
  attach(conn: EngineSocket): void {
    conn.on('packetCreate', this.beforeOthers);
  }

  /**
   * Holds back what is sent from now on until {@link release}, after which it leaves in one system call: for
   * something that is worth nothing to a client without what follows in a moment. Not where it polls.
   */
  hold(conn: EngineSocket): void {
    const owed: Owed = conn;
    const stream = directStreamOf(conn);
    stream?.cork();
    owed[HELD] = stream;
  }

  /** Lets go of what was held back, together with what has been written since. */
  release(conn: EngineSocket): void {
    const owed: Owed = conn;
    const stream = owed[HELD];
    if (!stream) return;
    owed[HELD] = null;
    this.beforeOthers.call(owed);
    stream.uncork();
  }

  /** Sends a packet after everything that has been sent to the socket before. */
  write({ conn }: ParleySocket, packet: OutgoingPacket): void {
    const owed: Owed = conn;
    const packets = owed[WAITING];
    // NOTE: a socket that something waits for has been found to be direct in this turn, and still is.
    if (packets) {
      packets.push(packet);
    } else if (directStreamOf(conn) === null) {
      conn.write(packet.text);
      return;
    } else {
      owed[WAITING] = [packet];
      if (this.waiting.push(owed) === 1) process.nextTick(this.flush);
    }
    this.slab.encode(packet);
  }

  private writeWaiting(): void {
    const sockets = this.waiting;
    this.waiting = [];
    let kept = false;
    let previous: readonly OutgoingPacket[] = [];
    let bytes: Buffer | null = null;
    for (const owed of sockets) {
      const packets = owed[WAITING];
      if (!packets) continue;
      owed[WAITING] = null;
      if (bytes === null || !areSame(packets, previous)) bytes = this.slab.join(packets);
      previous = packets;
      if (!this.hand(owed, bytes)) kept = true;
    }
    this.slab.recycle(kept);
  }

  /** Whether the system has taken all of it, so that the bytes are free again. */
  private hand(conn: EngineSocket, bytes: Buffer): boolean {
    const stream = directStreamOf(conn, Infinity);
    // Closed in this very turn: nobody is there to read it.
    if (stream === null) return true;
    writeNow(stream, bytes);
    return stream.writableLength === 0;
  }

  private orderListener(): (this: Owed) => void {
    const writeBefore = (owed: Owed, packets: readonly OutgoingPacket[]): void => {
      owed[WAITING] = null;
      // A copy: it may be kept, and the slab is recycled without asking this stream.
      this.hand(owed, Buffer.from(this.slab.join(packets)));
    };
    // One function for all connections: a closure for each would be memory for each.
    return function beforeOthers() {
      const packets = this[WAITING];
      if (packets) writeBefore(this, packets);
    };
  }
}

function areSame(some: readonly OutgoingPacket[], others: readonly OutgoingPacket[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

/** Not by the `write` of its own that `coalesced-writes.ts` gives a stream: this is the one write of the turn. */
function writeNow(stream: DirectStream, bytes: Buffer): void {
  (Object.getPrototypeOf(stream) as DirectStream).write.call(stream, bytes);
}
