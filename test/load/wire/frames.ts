const FINAL_TEXT = 0x81;
const MASKED = 0x80;
const MASK_BYTES = 4;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** What a frame is, by the low bits of its first byte (RFC 6455, 5.2). */
export const OPCODE = { text: 0x1, close: 0x8, ping: 0x9 } as const;

/**
 * A text frame as a client sends it. Its mask is zero, which the protocol allows: the payload stands in
 * the frame as it is, so that a part of it can be overwritten before each send.
 */
export function textFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const header = headerOf(length);
  const frame = Buffer.alloc(header.length + MASK_BYTES + length);
  header.copy(frame);
  frame.write(payload, header.length + MASK_BYTES);
  return frame;
}

function headerOf(length: number): Buffer {
  if (length < LENGTH_16) return Buffer.from([FINAL_TEXT, MASKED | length]);
  if (length < 0x1_0000) {
    const header = Buffer.from([FINAL_TEXT, MASKED | LENGTH_16, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header.set([FINAL_TEXT, MASKED | LENGTH_64]);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/** Is told of a frame whose payload is `bytes[start..end)`. The bytes are good only until it returns. */
export type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number) => void;

const NOTHING = Buffer.alloc(0);

/**
 * Finds the frames in what a server sends, by their headers alone: a server does not mask, so nothing is
 * copied and nothing is decoded. Only a frame that is split over two reads is put together.
 */
export class FrameWalker {
  private carried = NOTHING;

  constructor(private readonly onFrame: OnFrame) {}

  /** Takes the next bytes of the connection, which may be overwritten afterwards. */
  push(received: Buffer): void {
    const bytes = this.carried.length === 0 ? received : Buffer.concat([this.carried, received]);
    const rest = this.walk(bytes);
    this.carried = rest === bytes.length ? NOTHING : Buffer.from(bytes.subarray(rest));
  }

  /** Returns where the first frame begins that is not complete yet. */
  private walk(bytes: Buffer): number {
    const { length } = bytes;
    let at = 0;
    while (length - at >= 2) {
      let start = at + 2;
      let size = (bytes[at + 1] ?? 0) & 0x7f;
      if (size === LENGTH_16) {
        if (length - start < 2) break;
        size = bytes.readUInt16BE(start);
        start += 2;
      } else if (size === LENGTH_64) {
        if (length - start < 8) break;
        size = Number(bytes.readBigUInt64BE(start));
        start += 8;
      }
      if (length - start < size) break;
      this.onFrame((bytes[at] ?? 0) & 0x0f, bytes, start, start + size);
      at = start + size;
    }
    return at;
  }
}
