import { FrameWalker, OPCODE, textFrame } from './frames.js';

/** A frame as a server sends it: without a mask. */
function served(payload: string): Buffer {
  const masked = textFrame(payload);
  const header = masked.length - Buffer.byteLength(payload) - 4;
  const frame = Buffer.concat([masked.subarray(0, header), masked.subarray(header + 4)]);
  frame[1] = frame[1]! & 0x7f;
  return frame;
}

function walker(): { seen: string[]; walker: FrameWalker } {
  const seen: string[] = [];
  const take = (opcode: number, bytes: Buffer, start: number, end: number) =>
    seen.push(`${opcode}:${bytes.toString('utf8', start, end)}`);
  return { seen, walker: new FrameWalker(take) };
}

const SHORT = 'a';
const LONG = 'b'.repeat(300);
const LONGEST = 'c'.repeat(70_000);
const ALL = [SHORT, LONG, '', LONGEST, SHORT];

describe('frames', () => {
  it('are masked with nothing, and say their length in 7, 16 or 64 bits', () => {
    expect(textFrame(SHORT).subarray(0, 6)).toEqual(Buffer.from([0x81, 0x81, 0, 0, 0, 0]));
    expect(textFrame(LONG).subarray(0, 8)).toEqual(Buffer.from([0x81, 0xfe, 1, 44, 0, 0, 0, 0]));
    expect(textFrame(LONGEST).subarray(0, 14)).toEqual(
      Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x11, 0x70, 0, 0, 0, 0]),
    );
    expect(textFrame('ä')).toHaveLength(8);
  });

  it('are found when many come at once', () => {
    const { seen, walker: frames } = walker();
    frames.push(Buffer.concat(ALL.map(served)));
    expect(seen).toEqual(ALL.map((payload) => `${OPCODE.text}:${payload}`));
  });

  it.each([
    ...[1, 2, 3, 7].map((size) => ({ size, payloads: [SHORT, LONG, '', SHORT] })),
    ...[301, 4_096, 65_536].map((size) => ({ size, payloads: ALL })),
  ])('are put together when they come in pieces of $size bytes', ({ size, payloads }) => {
    const { seen, walker: frames } = walker();
    const bytes = Buffer.concat(payloads.map(served));
    // One buffer for every read, as on a socket: what is kept has to be a copy.
    const shared = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      const length = bytes.copy(shared, 0, at, at + size);
      frames.push(shared.subarray(0, length));
      shared.fill(0xff);
    }
    expect(seen).toEqual(payloads.map((payload) => `${OPCODE.text}:${payload}`));
  });

  it('of other kinds are told apart', () => {
    const { seen, walker: frames } = walker();
    frames.push(Buffer.from([0x89, 0, 0x88, 2, 0x33, 0x33]));
    expect(seen).toEqual([`${OPCODE.ping}:`, `${OPCODE.close}:33`]);
  });
});
