import type { EngineSocket } from './connection.js';

/**
 * The one file that reaches below the public interface of Socket.IO 4.8 and Engine.IO 6.6. It relies
 * on: `writeBuffer`, the packets that the transport has not taken yet; `transport.socket`, the
 * WebSocket of `ws` when the transport is one; and `transport.shouldClose`, with which polling waits for
 * one more poll before it closes. `slow-consumers.e2e-spec.ts` and `commands.e2e-spec.ts` break when
 * these move.
 */
interface Internals {
  readonly writeBuffer: readonly OutgoingPacket[];
  readonly transport: { readonly socket?: WebSocketLike; readonly shouldClose?: (() => void) | null };
}

interface OutgoingPacket {
  readonly data?: string | Buffer;
}

interface WebSocketLike {
  readonly bufferedAmount: number;
  terminate(): void;
}

/** What waits to be read by a client. */
export interface Backlog {
  packets: number;
  bytes: number;
}

export function backlogOf(conn: EngineSocket): Backlog {
  const { writeBuffer, transport } = conn as unknown as Internals;
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return { packets: writeBuffer.length, bytes };
}

/** Ends a connection at once, with whatever waits in it. */
export function cutOff(conn: EngineSocket): void {
  const { transport } = conn as unknown as Internals;
  if (transport.socket !== undefined) transport.socket.terminate();
  else if (typeof transport.shouldClose === 'function') transport.shouldClose();
  else conn.close(true);
}

/**
 * Lets go of the request that opened the connection, with its headers and its token: nothing reads
 * them after the handshake, and an idle connection would keep them in memory.
 */
export function forgetHandshake(socket: { conn: EngineSocket; handshake: object }): void {
  const { conn } = socket as { conn: { request: unknown } };
  conn.request = null;
  socket.handshake = FORGOTTEN;
}

const FORGOTTEN = Object.freeze({ headers: {}, query: {}, auth: {} });
