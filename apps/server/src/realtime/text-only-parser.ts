import { Decoder, Encoder } from 'socket.io-parser';

/** The packet types that announce attachments, with how many: `51-…` and `62-…`. */
const ANNOUNCES_ATTACHMENTS = /^[56]\d{1,9}-/;

/**
 * Reads packets and never waits for attachments: no command has binary input, and ten waiting
 * attachments for each connection would be memory that anybody can take.
 *
 * A packet that announces some is read as if it did not, so that its placeholders reach validation
 * and are refused in an ack; the attachments themselves are dropped.
 */
class TextOnlyDecoder extends Decoder {
  override add(chunk: unknown): void {
    if (typeof chunk !== 'string') return;
    super.add(ANNOUNCES_ATTACHMENTS.test(chunk) ? withoutAttachments(chunk) : chunk);
  }
}

function withoutAttachments(packet: string): string {
  const type = packet.startsWith('5') ? '2' : '3';
  return type + packet.slice(packet.indexOf('-') + 1);
}

export const TEXT_ONLY_PARSER = { Encoder, Decoder: TextOnlyDecoder };
