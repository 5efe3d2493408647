import { applyDecorators } from '@nestjs/common';
import { LIMITS } from '@parley/contracts';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/**
 * Emoji as Unicode recommends them for interchange (RGI): one picture on every keyboard, and one
 * grapheme. As a string, because the compiler's target is older than the flag `v`.
 */
const RGI_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** What every emoji has in it. Asked first, because the whole list is dear to ask. */
const ANY_EMOJI = /\p{Emoji}/u;

const EMOJI_SELECTOR = '\uFE0F';

/** Characters that are drawn as text unless a selector follows; a skin tone says the same as a selector. */
const TEXT_BY_DEFAULT = /(?=\p{Emoji})\P{Emoji_Presentation}(?!\p{Emoji_Modifier})/gu;

/**
 * The one form of an emoji, or null for what is no emoji, or more than one. Keyboards disagree about
 * the selector U+FE0F, and two spellings of one heart would count as two kinds of reaction.
 */
export function toEmoji(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > LIMITS.emojiMaxLength || !ANY_EMOJI.test(value)) return null;
  const emoji = value.replaceAll(EMOJI_SELECTOR, '').replace(TEXT_BY_DEFAULT, `$&${EMOJI_SELECTOR}`);
  return RGI_EMOJI.test(emoji) ? emoji : null;
}

export const EMOJI_EXPECTED = 'must be one emoji';

/** A property that holds one emoji: brought into its one form first. */
export function IsEmoji(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => toEmoji(value) ?? value),
    ValidateBy({
      name: 'isEmoji',
      validator: { validate: (value) => toEmoji(value) !== null, defaultMessage: () => EMOJI_EXPECTED },
    }),
  );
}
