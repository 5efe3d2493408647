import { Injectable } from '@nestjs/common';
import type { FactMap, FactName } from '@parley/contracts';
import type { ParleyServer } from './connection.js';
import { BEHIND_ROOM } from './rooms.js';

/**
 * Facts that are worth nothing a moment later. They are the first to be left out for a socket that is
 * behind with reading.
 */
const PASSING: ReadonlySet<FactName> = new Set<FactName>(['typing:changed']);

/**
 * Writes one fact to all sockets of some rooms of this node, each at most once. A faster way of
 * writing (frames prepared once, one write for each socket and batch) replaces this file alone.
 */
@Injectable()
export class RoomBroadcast {
  private io: ParleyServer;

  attach(io: ParleyServer): void {
    this.io = io;
  }

  emit<N extends FactName>(rooms: readonly string[], fact: N, payload: FactMap[N]): void {
    // Socket.IO would encode the packet before it saw that nobody is there.
    const inhabited = rooms.filter((room) => this.io.sockets.adapter.rooms.has(room));
    if (inhabited.length === 0) return;
    const target = this.io.local.to(inhabited);
    const emitter = PASSING.has(fact) ? target.except(BEHIND_ROOM) : target;
    // The compiler cannot see that this name goes with this payload; `FactMap[N]` above is the proof.
    (emitter.emit as (name: FactName, payload: unknown) => boolean).call(emitter, fact, payload);
  }
}
