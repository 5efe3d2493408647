import type { EngineSocket, ParleySocket } from './connection.js';

/**
 * The one file that reaches below the public interface of Socket.IO 4.8, Engine.IO 6.6 and ws 8. It
 * relies on: `writeBuffer`, the packets that the transport has not taken yet; `transport.socket`, the
 * WebSocket of `ws` when the transport is one; its `_socket`, the stream to which ws hands whole frames
 * at once and in order, as nothing is compressed; `transport.shouldClose`, with which polling waits for
 * one more poll before it closes; and `onevent`, by which a socket hears of a packet of its own.
 * `slow-consumers.e2e-spec.ts`, `commands.e2e-spec.ts` and `packet-writer.int-spec.ts` break when these
 * move.
 */
interface Internals {
  readonly readyState: string;
  readonly writeBuffer: readonly WaitingPacket[];
  readonly transport: { readonly socket?: WebSocketLike; readonly shouldClose?: (() => void) | null };
}

interface WaitingPacket {
  readonly data?: string | Buffer;
}

interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly _socket?: DirectStream | null;
  terminate(): void;
}

/** What frames may be written to beside ws. */
export interface DirectStream {
  readonly writableLength: number;
  write(bytes: Buffer): boolean;
  cork(): void;
  uncork(): void;
}

/** With this much waiting for the system, a socket is slow: its packets wait where they are counted. */
const DIRECT_MAX_BYTES = 64 * 1024;
const OPEN = 1;

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

/**
 * The stream of a WebSocket, when a frame that is written to it now comes after everything else that was
 * sent to the client. Null while something waits in Engine.IO, when the client polls, and when
 * more than `maxBytes` wait for the system.
 */
export function directStreamOf(conn: EngineSocket, maxBytes = DIRECT_MAX_BYTES): DirectStream | null {
  const { readyState, writeBuffer, transport } = conn as unknown as Internals;
  if (readyState !== 'open' || writeBuffer.length > 0) return null;
  const { socket } = transport;
  if (socket?.readyState !== OPEN || !socket._socket || socket._socket.writableLength > maxBytes) return null;
  return socket._socket;
}

/** An event as Socket.IO decodes it: its name and arguments, and the number by which its ack is known. */
export interface EventPacket {
  readonly data?: unknown;
  readonly id?: number;
}

/**
 * Has the events of a socket handed to `receive`, which finds the socket in `this`. Socket.IO would make
 * a function for each ack and emit each event once more, to listeners that nobody adds here.
 */
export function takeEvents(socket: ParleySocket, receive: (this: ParleySocket, packet: EventPacket) => void): void {
  (socket as unknown as { onevent: typeof receive }).onevent = receive;
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
