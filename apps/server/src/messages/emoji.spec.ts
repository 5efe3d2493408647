import { LIMITS } from '@parley/contracts';
import { validateInput } from '../common/validation.js';
import { ReactDto } from './dto/react.dto.js';
import { EmojiParam } from './emoji-param.pipe.js';
import { toEmoji } from './emoji.js';

const SELECTOR = '\uFE0F';

describe('an emoji', () => {
  it.each([
    ['a thumb', '👍'],
    ['a thumb with a skin tone', '👍🏽'],
    ['a family', '👨‍👩‍👧‍👦'],
    ['a kiss between two skin tones', '🧑🏻‍❤️‍💋‍🧑🏿'],
    ['a profession with a skin tone', '👩🏾‍🚀'],
    ['the flag of a country', '🇩🇪'],
    ['the flag of a region', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['the flag of a movement', '🏳️‍🌈'],
    ['a keycap', '#️⃣'],
    ['a heart', '❤️'],
    ['a heart in flames', '❤️‍🔥'],
    ['a detective with a skin tone and a sign', '🕵🏻‍♂️'],
    ['somebody who runs to the right', '🏃🏽‍♀️‍➡️'],
    ['an eye in a bubble', '👁️‍🗨️'],
    ['a pictograph that is also a letter', '🅰️'],
    ['a copyright sign, drawn as a picture', '©️'],
  ])('may be %s', (_what, emoji) => {
    expect(toEmoji(emoji)).toBe(emoji);
    expect([...new Intl.Segmenter().segment(emoji)]).toHaveLength(1);
  });

  it.each([
    ['❤\uFE0F', ['❤', '❤\uFE0F\uFE0F']],
    ['👍', ['👍\uFE0F']],
    ['1\uFE0F\u20E3', ['1\u20E3']],
    ['🏳\uFE0F\u200D🌈', ['🏳\u200D🌈']],
    ['👁\uFE0F\u200D🗨\uFE0F', ['👁\u200D🗨', '👁\uFE0F\u200D🗨', '👁\u200D🗨\uFE0F']],
    ['☝🏽', ['☝\uFE0F🏽']],
  ])('has one form: %s', (form, others) => {
    for (const other of [form, ...others]) expect(toEmoji(other)).toBe(form);
  });

  it('of a single character is known by its bare form, whichever character it is', () => {
    const rgi = new RegExp('^\\p{RGI_Emoji}$', 'v');
    const wrong: string[] = [];
    let known = 0;
    for (let code = 0x20; code < 0x20000; code += 1) {
      const character = String.fromCodePoint(code);
      const forms = /\p{Emoji}/u.test(character) ? [character, character + SELECTOR] : [];
      const form = forms.find((one) => rgi.test(one)) ?? null;
      if (form !== null) known += 1;
      if (toEmoji(character) !== form) wrong.push(character);
    }
    expect(wrong).toEqual([]);
    expect(known).toBeGreaterThan(1_300);
  });

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['a letter', 'a'],
    ['a digit', '7'],
    ['a digit with a selector', '7\uFE0F'],
    ['a number sign', '#'],
    ['a word', 'thumbsup'],
    ['a short code', ':+1:'],
    ['an umlaut', 'ü'],
    ['a letter of a Chinese text', '好'],
    ['two emoji', '👍👍'],
    ['two emoji joined to one that nobody draws', '👍\u200D👎'],
    ['an emoji and a letter', '👍a'],
    ['an emoji and a blank', '👍 '],
    ['an emoji and a line break', '👍\n'],
    ['half a flag', '🇩'],
    ['the flag of no country', '🇽🇽'],
    ['a selector', SELECTOR],
    ['a joiner', '\u200D'],
    ['a heart that is to be drawn as text', '❤\uFE0E'],
    ['half a surrogate pair', '\uD83D'],
    ['NUL', '\0'],
    ['an emoji with more selectors than a long family needs', `👍${SELECTOR.repeat(LIMITS.emojiMaxLength)}`],
  ])('is not %s', (_what, text) => {
    expect(toEmoji(text)).toBeNull();
  });

  it.each([[7], [null], [undefined], [['👍']], [{}]])('is not %p', (value) => {
    expect(toEmoji(value)).toBeNull();
  });

  it('is brought into its form where it is taken in', () => {
    expect(validateInput(ReactDto, { emoji: '❤' }).emoji).toBe('❤️');
    expect(new EmojiParam().transform('❤', { type: 'param', data: 'emoji' })).toBe('❤️');
  });

  it('is asked for in the same words in a body and in a path', () => {
    const refusal = {
      code: 'validation_failed',
      details: { errors: [{ path: 'emoji', message: 'must be one emoji' }] },
    };
    expect(() => validateInput(ReactDto, { emoji: 'a' })).toThrow(expect.objectContaining(refusal) as Error);
    expect(() => new EmojiParam().transform('a', { type: 'param', data: 'emoji' })).toThrow(
      expect.objectContaining(refusal) as Error,
    );
  });
});
