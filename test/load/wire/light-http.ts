import { connect, type Socket } from 'node:net';

const HOST = '127.0.0.1';
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const STATUS_AT = 'HTTP/1.1 '.length;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
/** Shared as by the sockets: what is read is looked through before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const NOTHING = Buffer.alloc(0);

/** The bytes of a request. Made once for each, because the same ones are asked again and again. */
export function httpRequest(method: 'GET' | 'POST', path: string, token: string, body?: object): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const entity =
    body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`];
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${HOST}`, `Authorization: Bearer ${token}`, ...entity];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
}

/** What has been read of the answer under way. */
interface Reading {
  resolve: (bodyBytes: number) => void;
  reject: (error: Error) => void;
  /** The beginning of the answer, until its head is complete. */
  head: Buffer;
  /** Bytes of the body, and how many of them are still to come; null before the head is complete. */
  length: number;
  missing: number | null;
}

/**
 * One connection that asks and waits, again and again. It keeps nothing of a body and looks at its length
 * only, so that it costs far less than the server that answers.
 */
export class LightHttp {
  private readonly socket: Socket;
  private reading: Reading | null = null;

  private constructor(port: number) {
    const onRead = (length: number): boolean => {
      this.onBytes(READ_BUFFER.subarray(0, length));
      return true;
    };
    this.socket = connect({ host: HOST, port, noDelay: true, onread: { buffer: READ_BUFFER, callback: onRead } });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('The server closed the connection')));
  }

  static async connect(port: number): Promise<LightHttp> {
    const connection = new LightHttp(port);
    await new Promise<void>((resolve, reject) => connection.socket.once('connect', resolve).once('error', reject));
    return connection;
  }

  /**
   * Resolves with the length of the answer's body, received to its last byte.
   * @throws Error when the status is not 200
   */
  ask(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.reading = { resolve, reject, head: NOTHING, length: 0, missing: null };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private onBytes(bytes: Buffer): void {
    const { reading } = this;
    if (reading === null) return;
    const body = reading.missing === null ? this.readHead(reading, bytes) : bytes.length;
    if (body === null || reading.missing === null) return;
    reading.missing -= body;
    if (reading.missing > 0) return;
    this.reading = null;
    reading.resolve(reading.length);
  }

  /** Returns how many bytes of the body came with the end of the head; null when the head goes on. */
  private readHead(reading: Reading, bytes: Buffer): number | null {
    reading.head = Buffer.concat([reading.head, bytes]);
    const end = reading.head.indexOf(END_OF_HEAD);
    if (end < 0) return null;
    const head = reading.head.toString('latin1', 0, end);
    const [, length] = CONTENT_LENGTH.exec(head) ?? [];
    if (head.slice(STATUS_AT, STATUS_AT + 3) !== '200' || length === undefined) {
      this.fail(new Error(`Not the expected answer: ${reading.head.toString('utf8').slice(0, 1_000)}`));
      return null;
    }
    reading.length = Number(length);
    reading.missing = reading.length;
    return reading.head.length - end - END_OF_HEAD.length;
  }

  private fail(error: Error): void {
    this.reading?.reject(error);
    this.reading = null;
    this.close();
  }
}
