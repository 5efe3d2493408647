import type { FactMap, FactName } from '@parley/contracts';

/**
 * A Socket.IO packet for one socket or for thousands, written out once. Its bytes as a frame of the
 * WebSocket protocol are made when the first socket needs them (`frame-slab.ts`).
 */
export class OutgoingPacket {
  /** Where its frame is; null until there is one. */
  slab: Buffer | null = null;
  start = 0;
  end = 0;

  /** `text` is the packet as Socket.IO's encoder would write it. */
  constructor(readonly text: string) {}

  static fact<N extends FactName>(fact: N, payload: FactMap[N]): OutgoingPacket {
    return new OutgoingPacket(`2["${fact}",${JSON.stringify(payload)}]`);
  }

  /** The answer to the event that came with this `id`. */
  static ack(id: number, answer: object): OutgoingPacket {
    return new OutgoingPacket(`3${id}[${JSON.stringify(answer)}]`);
  }
}
