import { Injectable } from '@nestjs/common';
import type { FactMap, FactName } from '@parley/contracts';
import { OutgoingPacket } from './outgoing-packet.js';
import { PacketWriter } from './packet-writer.js';
import { Rooms } from './rooms.js';

/**
 * Facts that are worth nothing a moment later. They are the first to be left out for a socket that is
 * behind with reading.
 */
const PASSING: ReadonlySet<FactName> = new Set<FactName>(['typing:changed']);

/** Writes one fact to all sockets of some rooms of this node, each at most once. */
@Injectable()
export class RoomBroadcast {
  constructor(
    private readonly rooms: Rooms,
    private readonly writer: PacketWriter,
  ) {}

  /** Returns for how many sockets it was written. */
  emit<N extends FactName>(rooms: readonly string[], fact: N, payload: FactMap[N]): number {
    const isPassing = PASSING.has(fact);
    let packet: OutgoingPacket | null = null;
    let written = 0;
    for (const socket of this.rooms.socketsIn(rooms)) {
      if (isPassing && socket.data.behind) continue;
      // Written out once, and not at all when nobody is there.
      packet ??= OutgoingPacket.fact(fact, payload);
      this.writer.write(socket, packet);
      written += 1;
    }
    return written;
  }
}
