import { LIMITS } from '@parley/contracts';
import { toWording } from './words.js';

const bodies = (kind: 'message' | 'action', text: string): string[] => {
  const wording = toWording(kind, text);
  return 'unsayable' in wording ? [] : wording.messages.map(({ body }) => body);
};

const MOST = LIMITS.bodyMaxCharacters;

describe('the words of a line', () => {
  it('become one message, unchanged', () => {
    expect(toWording('message', ' spaces, a\ttab, \uFEFF ')).toEqual({
      messages: [{ text: ' spaces, a\ttab, \uFEFF ', body: ' spaces, a\ttab, \uFEFF ' }],
    });
  });

  it('keep the form of an action', () => {
    expect(bodies('action', 'waves')).toEqual(['/me waves']);
    expect(bodies('action', '')).toEqual(['/me ']);
  });

  it('are expected back in NFC', () => {
    expect(toWording('message', 'cafe\u0301')).toEqual({ messages: [{ text: 'cafe\u0301', body: 'caf\u00e9' }] });
  });

  it('go on in the next message when they are too long for one', () => {
    expect(bodies('message', 'x'.repeat(MOST))).toHaveLength(1);
    const parts = bodies('message', `${'x'.repeat(MOST)}${'y'.repeat(MOST)}z`);
    expect(parts.map((part) => part.length)).toEqual([MOST, MOST, 1]);
    expect(parts.join('')).toBe(`${'x'.repeat(MOST)}${'y'.repeat(MOST)}z`);
  });

  it('are measured after normalization', () => {
    expect(bodies('message', 'e\u0301'.repeat(MOST))).toEqual(['\u00e9'.repeat(MOST)]);
  });

  it('are an action in every message when an action is too long for one', () => {
    const parts = bodies('action', 'x'.repeat(MOST));
    expect(parts.map((part) => part.length)).toEqual([MOST, 8]);
    expect(parts[1]).toBe('/me xxxx');
  });

  it('are never cut through a surrogate pair', () => {
    const parts = bodies('message', `x${'😀'.repeat(MOST)}`);
    expect(parts.every((part) => part.isWellFormed())).toBe(true);
    expect(parts.join('')).toBe(`x${'😀'.repeat(MOST)}`);
  });

  it.each([
    ['', 'a blank text is not a message'],
    [' \t\u00a0\uFEFF', 'a blank text is not a message'],
    ['a\u0000b', 'a text cannot hold NUL'],
    ['a\ud83d', 'half a surrogate pair is not text'],
    ['\ude00a', 'half a surrogate pair is not text'],
    [`x${' '.repeat(2 * MOST)}x`, 'a stretch as long as a message is blank'],
  ])('cannot be %j', (text, reason) => {
    expect(toWording('message', text)).toEqual({ unsayable: reason });
  });
});
