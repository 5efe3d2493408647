import {
  DISCONNECTS,
  type ClientToServerEvents,
  type DisconnectReason,
  type Farewell,
  type ServerToClientEvents,
} from '@parley/contracts';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import { SIGNALS } from '../common/signals.js';
import type { CommandQueue } from './command-queue.js';

export type ParleyServer = Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Connection>;
export type ParleySocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Connection>;
/** What carries a socket: a WebSocket, or the polls of one client. */
export type EngineSocket = ParleySocket['conn'];

/**
 * What the server knows of one authenticated socket, in `socket.data`.
 *
 * Most sockets are idle, so everything that only a busy one needs is null until then.
 */
export class Connection {
  /** Its id in presence. */
  readonly id = newId();
  /** Whether it is in its rooms; until then its commands wait. */
  ready = false;
  /** Whether it is being ended; its commands are refused or dropped. */
  ending = false;
  /** Whether the client was told that its token expires. */
  expiryTold = false;
  /** Whether it is behind with reading, and spared what may be lost. */
  behind = false;
  /** Commands that are waiting or running. */
  commands: CommandQueue | null = null;
  /** The people whose presence it watches. */
  watched: Set<string> | null = null;
  /**
   * While its memberships are being loaded: conversations its person has left in the meantime, with
   * the number of that change, which what is loaded may not show yet.
   */
  leftMeanwhile: Map<string, number> | null = new Map();

  constructor(
    readonly socket: ParleySocket,
    readonly actor: Actor,
    /** When its access token expires, in milliseconds since 1970. */
    public expiresAt: number,
  ) {}

  /** Says why, lets the words go out, and closes. */
  end(reason: DisconnectReason): void {
    if (this.ending) return;
    SIGNALS.socketEnded.tell({ reason });
    this.socket.emit('session:ended', farewell(reason));
    this.close();
  }

  /** Closes after what has been emitted so far. */
  close(): void {
    this.ending = true;
    this.socket.disconnect(true);
  }
}

/** What a client needs to know about the end of its connection. */
export function farewell(reason: DisconnectReason): Farewell {
  return { reason, ...DISCONNECTS[reason] };
}
