import { FIRST_ID, isMessageSent, MessageFrames, sentAt } from './message-frames.js';

const CONVERSATION = '0192f0c1-7b5e-7c3a-9d1e-3f2a1b4c5d6e';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Input {
  conversationId: string;
  clientId: string;
  body: string;
}

/** What a server reads in a frame whose mask is zero. */
function read(frame: Buffer): { id: number; name: string; input: Input } {
  const packet = frame.toString('utf8', frame.indexOf('42'));
  const [, id, event] = /^42(\d+)(\[.*\])$/.exec(packet) ?? [];
  const [name, input] = JSON.parse(event!) as [string, Input];
  return { id: Number(id), name, input };
}

const fact = (body: string, seq = 1): Buffer =>
  Buffer.from(JSON.stringify(['message:sent', { seq, message: { seq, body } }]));

describe('the frames of messages', () => {
  it('are complete commands, each with its own ids and a text of 100 bytes', () => {
    const frames = new MessageFrames(CONVERSATION);
    const [first, second] = [FIRST_ID, FIRST_ID + 1].map((id) => read(frames.next(id, 12.5)));
    expect(first).toMatchObject({ id: FIRST_ID, name: 'message:send', input: { conversationId: CONVERSATION } });
    expect(second!.id).toBe(FIRST_ID + 1);
    expect(second!.input.clientId).not.toBe(first!.input.clientId);
    for (const { input } of [first!, second!]) {
      expect(input.clientId).toMatch(UUID);
      expect(Buffer.byteLength(input.body)).toBe(100);
    }
  });

  it('leave alone what was handed out before', () => {
    const frames = new MessageFrames(CONVERSATION);
    const first = frames.next(FIRST_ID, 1);
    const before = Buffer.from(first);
    frames.next(FIRST_ID + 1, 2);
    expect(first).toEqual(before);
  });

  it.each([0, 0.001, 1_234.567, 86_400_000])('tell a receiver that they were sent at %d ms', (now) => {
    const { input } = read(new MessageFrames(CONVERSATION).next(FIRST_ID, now));
    const prefix = Buffer.from('42');
    expect(sentAt(Buffer.concat([prefix, fact(input.body)]), prefix.length)).toBeCloseTo(now, 3);
  });

  it('are told from every other fact', () => {
    expect(isMessageSent(fact('Hello'), 0)).toBe(true);
    for (const name of ['message:changed', 'receipt:changed', 'typing:changed', 'ready', 'session:ended']) {
      expect(isMessageSent(Buffer.from(JSON.stringify([name, {}])), 0)).toBe(false);
    }
  });
});
