import { connect, type Socket } from 'node:net';
import { FrameWalker, OPCODE, textFrame } from './frames.js';

/** What a socket tells. Bytes are good only until the method returns. */
export interface SocketListener {
  onEvent(bytes: Buffer, start: number, end: number): void;
  onAck(id: number, ok: boolean, bytes: Buffer, start: number, end: number): void;
  /** The connection ended although nobody here closed it. */
  onLost(reason: string): void;
}

export interface SocketAddress {
  port: number;
  /** What the payload begins with that says: from now on everything arrives. */
  readyMark: string;
}

const HOST = '127.0.0.1';
const UPGRADE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  `Host: ${HOST}`,
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n');
const END_OF_HEAD = '\r\n\r\n';
const PONG = textFrame('3');
const CONNECT_ERROR = '44';

const [PING_BYTE, MESSAGE_BYTE, EVENT_BYTE, ACK_BYTE] = Buffer.from('2423');
const [ZERO_BYTE, ARRAY_BYTE, TRUE_BYTE] = Buffer.from('0[t');
/** Where in `[{"ok":true` the value stands. */
const OK_AT = '[{"ok":'.length;

/**
 * One buffer for what all sockets read: each read is taken apart before the next begins. Large, because at
 * saturation a socket has many frames waiting, and each read is a system call.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * A Socket.IO client that costs next to nothing, so that a server on one core can be driven to its limit
 * from another one. It speaks WebSocket only, decodes nothing, and tells events from acknowledgements by
 * their first bytes. It does not reconnect and knows one namespace.
 */
export class LightSocket {
  private readonly walker = new FrameWalker((opcode, bytes, start, end) => this.onFrame(opcode, bytes, start, end));
  private readonly socket: Socket;
  private head: string | null = '';
  private closing = false;
  private opening: { resolve: () => void; reject: (error: Error) => void } | null = null;

  private constructor(
    private readonly address: SocketAddress,
    private readonly auth: string,
    private readonly listener: SocketListener,
  ) {
    const onRead = (length: number): boolean => {
      this.onBytes(READ_BUFFER.subarray(0, length));
      return true;
    };
    this.socket = connect({
      host: HOST,
      port: address.port,
      noDelay: true,
      onread: { buffer: READ_BUFFER, callback: onRead },
    });
    this.socket.on('error', (error) => this.onEnd(error.message));
    this.socket.on('close', () => this.onEnd('closed by the server'));
    this.socket.write(UPGRADE);
  }

  /** Resolves when the server says that this client is in. `auth` is the JSON of its credentials. */
  static async connect(address: SocketAddress, auth: string, listener: SocketListener): Promise<LightSocket> {
    const socket = new LightSocket(address, auth, listener);
    await new Promise<void>((resolve, reject) => {
      socket.opening = { resolve, reject };
    });
    return socket;
  }

  /** Sends one frame, which must not be changed afterwards. */
  write(frame: Buffer): void {
    this.socket.write(frame);
  }

  close(): void {
    this.closing = true;
    this.socket.destroy();
  }

  private onBytes(bytes: Buffer): void {
    if (this.head === null) {
      this.walker.push(bytes);
      return;
    }
    this.head += bytes.toString('latin1');
    const end = this.head.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const { head } = this;
    this.head = null;
    if (!head.startsWith('HTTP/1.1 101')) {
      this.fail(new Error(`The upgrade was refused: ${head.slice(0, head.indexOf('\r\n'))}`));
      return;
    }
    const frames = Buffer.from(head.slice(end + END_OF_HEAD.length), 'latin1');
    if (frames.length > 0) this.walker.push(frames);
  }

  private onFrame(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode !== OPCODE.text) return;
    if (bytes[start] === PING_BYTE) this.socket.write(PONG);
    else if (this.opening !== null) this.onOpening(bytes.toString('utf8', start, end));
    else if (bytes[start] === MESSAGE_BYTE) this.onPacket(bytes, start + 1, end);
  }

  private onPacket(bytes: Buffer, start: number, end: number): void {
    if (bytes[start] === EVENT_BYTE) this.listener.onEvent(bytes, start + 1, end);
    else if (bytes[start] === ACK_BYTE) this.onAck(bytes, start + 1, end);
  }

  private onAck(bytes: Buffer, start: number, end: number): void {
    let id = 0;
    let at = start;
    for (; at < end && bytes[at] !== ARRAY_BYTE; at += 1) id = id * 10 + (bytes[at] ?? 0) - (ZERO_BYTE ?? 0);
    this.listener.onAck(id, bytes[at + OK_AT] === TRUE_BYTE, bytes, at, end);
  }

  private onOpening(payload: string): void {
    if (payload.startsWith('0')) this.socket.write(textFrame(`40${this.auth}`));
    if (payload.startsWith(CONNECT_ERROR)) this.fail(new Error(`The socket was not let in: ${payload}`));
    if (!payload.startsWith(this.address.readyMark)) return;
    this.opening?.resolve();
    this.opening = null;
  }

  private fail(error: Error): void {
    this.opening?.reject(error);
    this.opening = null;
    this.close();
  }

  private onEnd(reason: string): void {
    if (this.closing) return;
    if (this.opening === null) this.listener.onLost(reason);
    this.fail(new Error(reason));
  }
}
