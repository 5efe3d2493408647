import { randomUUID } from 'node:crypto';
import { textFrame } from './frames.js';

const BODY_BYTES = 100;
const STAMP_DIGITS = 10;
const COUNTER_DIGITS = 12;
/** The ids of commands have so many digits from the first on, so that every frame is of one length. */
export const FIRST_ID = 1_000_000;
const FIRST_ID_TEXT = String(FIRST_ID);
const FILLER = 'The quick brown fox jumps over the lazy dog while nobody is looking, and then it does so again. ';
const MICROSECONDS = 1_000;

/** The first bytes of `["message:sent"`, and where in it the words of other messages' facts differ. */
const SENT = Buffer.from('["message:sent"');
const NOUN_AT = 2;
const VERB_AT = SENT.indexOf('sent');
const BODY_MARK = Buffer.from('"body":"');

/**
 * The frames in which one person sends messages to one conversation. Each is the one before with three
 * places overwritten: the id of the command, the client id, and the time, which stands at the beginning of
 * the body and tells a receiver how long the message was under way.
 */
export class MessageFrames {
  private readonly template: Buffer;
  private readonly idAt: number;
  private readonly counterAt: number;
  private readonly stampAt: number;
  private counter = 0;

  constructor(conversationId: string) {
    const clientId = randomUUID();
    const body = `${'0'.repeat(STAMP_DIGITS)} ${FILLER}`.slice(0, BODY_BYTES).padEnd(BODY_BYTES, '.');
    const input = JSON.stringify({ conversationId, clientId, body });
    this.template = textFrame(`42${FIRST_ID_TEXT}["message:send",${input}]`);
    this.idAt = this.template.indexOf(FIRST_ID_TEXT);
    this.counterAt = this.template.indexOf(clientId) + clientId.length - COUNTER_DIGITS;
    this.stampAt = this.template.indexOf(BODY_MARK) + BODY_MARK.length;
  }

  next(id: number, now: number): Buffer {
    const frame = Buffer.allocUnsafe(this.template.length);
    this.template.copy(frame);
    this.counter += 1;
    frame.write(String(id), this.idAt, 'latin1');
    frame.write(this.counter.toString(16).padStart(COUNTER_DIGITS, '0'), this.counterAt, 'latin1');
    frame.write(toStamp(now), this.stampAt, 'latin1');
    return frame;
  }
}

function toStamp(now: number): string {
  return Math.round(now * MICROSECONDS)
    .toString(36)
    .padStart(STAMP_DIGITS, '0');
}

/** Whether an event is `message:sent`: two bytes tell it from every other fact. */
export function isMessageSent(bytes: Buffer, start: number): boolean {
  return bytes[start + NOUN_AT] === SENT[NOUN_AT] && bytes[start + VERB_AT] === SENT[VERB_AT];
}

/** When the message of a fact was sent; NaN when it was not sent by {@link MessageFrames}. */
export function sentAt(bytes: Buffer, start: number): number {
  const at = bytes.indexOf(BODY_MARK, start) + BODY_MARK.length;
  return Number.parseInt(bytes.toString('latin1', at, at + STAMP_DIGITS), 36) / MICROSECONDS;
}
