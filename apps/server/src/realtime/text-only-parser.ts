import { Decoder, Encoder } from 'socket.io-parser';

const BINARY = /^[56]/;
/** How a well-made client announces attachments: `51-…` and `62-…`. The parser would take all that Number() takes. */
const ANNOUNCES_ATTACHMENTS = /^[56]\d{1,9}-/;

/**
 * Reads packets and never waits for attachments: no command has binary input, and ten waiting
 * attachments for each connection would be memory that anybody can take.
 *
 * A packet that announces some is read as if it did not, so that its placeholders reach validation
 * and are refused in an ack; the attachments themselves are dropped. One that announces them in any
 * other way is malformed, and ends its connection: nothing of type 5 or 6 reaches the parser.
 */
class TextOnlyDecoder extends Decoder {
  override add(chunk: unknown): void {
    if (typeof chunk === 'string') super.add(toTextPacket(chunk));
  }
}

/** @throws Error for what is malformed; Socket.IO then closes the connection. */
function toTextPacket(packet: string): string {
  if (!BINARY.test(packet)) return packet;
  if (!ANNOUNCES_ATTACHMENTS.test(packet)) throw new Error('The number of attachments is malformed');
  const type = packet.startsWith('5') ? '2' : '3';
  return type + packet.slice(packet.indexOf('-') + 1);
}

export const TEXT_ONLY_PARSER = { Encoder, Decoder: TextOnlyDecoder };
