import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { EMOJI_EXPECTED, toEmoji } from './emoji.js';

/** An emoji in a path, which arrives decoded. */
@Injectable()
export class EmojiParam implements PipeTransform<unknown, string> {
  transform(value: unknown, { data: path = 'emoji' }: ArgumentMetadata): string {
    const emoji = toEmoji(value);
    if (emoji !== null) return emoji;
    throw new DomainError('validation_failed', `${path} ${EMOJI_EXPECTED}`, {
      errors: [{ path, message: EMOJI_EXPECTED }],
    });
  }
}
