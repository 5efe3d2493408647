import { LIMITS } from '@parley/contracts';
import { toMentionTokens } from './mentions.js';

describe('the mentions of a text', () => {
  it.each([
    ['Hello @ada', 'ada'],
    ['@Ada, are you there?', 'ada'],
    ['@ada and @ben', 'ada ben'],
    ['@ada @ADA @ada', 'ada'],
    ["(@ada) “@ben” @cleo's", 'ada ben cleo'],
    ['line\n@ada', 'ada'],
    ['@ada_l-b.c', 'ada_l-b.c'],
    ['你好@ada你', 'ada'],
    ['こんにちは、@adaさん', 'ada'],
    ['@ada님', 'ada'],
  ])('%j names %s', (body, tokens) => {
    expect(toMentionTokens(body)).toBe(tokens);
  });

  it.each([
    ['a text without anybody'],
    ['mail ada@example.org'],
    ['@@ada'],
    ['@ad'],
    ['@ ada'],
    ['@Ähnlich'],
    ['@adaé'],
    [`@${'a'.repeat(LIMITS.usernameMax + 1)}`],
  ])('%j names nobody', (body) => {
    expect(toMentionTokens(body)).toBeNull();
  });

  it('lets a name end where the sentence may', () => {
    expect(toMentionTokens('Ask @ada.')).toBe('ada.,ada');
    expect(toMentionTokens('Well, @ada...')).toBe('ada...,ada..,ada.,ada');
    expect(toMentionTokens('@ada-')).toBe('ada-,ada');
  });

  it('knows everybody from a person', () => {
    expect(toMentionTokens('@all, lunch!')).toBe('*');
    expect(toMentionTokens('@ALL.')).toBe('*');
    expect(toMentionTokens('@allen')).toBe('allen');
  });

  it('stops at the limit', () => {
    const body = Array.from({ length: LIMITS.mentionsMax + 5 }, (_, index) => `@user${index}`).join(' ');
    expect(toMentionTokens(body)?.split(' ')).toHaveLength(LIMITS.mentionsMax);
  });

  it('reads a text full of @ at once', () => {
    expect(toMentionTokens('@'.repeat(LIMITS.bodyMaxCharacters))).toBeNull();
    expect(toMentionTokens('@a'.repeat(LIMITS.bodyMaxCharacters / 2))).toBeNull();
    expect(toMentionTokens(`@${'.'.repeat(LIMITS.bodyMaxCharacters - 1)}`)).not.toBeUndefined();
    expect(toMentionTokens(`@${'.'.repeat(LIMITS.bodyMaxCharacters - 2)}a`)).toBeNull();
  });
});
