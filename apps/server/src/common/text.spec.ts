import { jest } from '@jest/globals';
import { LIMITS } from '@parley/contracts';
import { normalizeText, textProblem, type TextRules } from './text.js';

const BODY: TextRules = { min: 1, max: LIMITS.bodyMaxCharacters, maxBytes: LIMITS.bodyMaxBytes };
const PASSWORD: TextRules = { max: LIMITS.passwordMax, normalize: 'NFKC' };
const TITLE: TextRules = { min: 1, max: LIMITS.titleMax, singleLine: true };

const TOO_MANY_MARKS = 'must not have more than 30 combining marks in a row';

const spyOnNormalize = () => jest.spyOn(String.prototype, 'normalize');

describe('a text', () => {
  let normalize: ReturnType<typeof spyOnNormalize>;
  beforeEach(() => {
    normalize = spyOnNormalize();
  });
  afterEach(() => normalize.mockRestore());

  const read = (sent: string, rules: TextRules): { text: string; problem: string | null } => {
    const text = normalizeText(sent, rules);
    return { text, problem: textProblem(text, rules) };
  };

  it.each<[string, string, TextRules, string]>([
    ['NFC', 'e\u0301', BODY, 'é'],
    ['NFC, with the space around it', ' e\u0301\n', BODY, ' é\n'],
    ['NFKC where that is asked for', 'ﬁ\uFF76\uFF9E', PASSWORD, 'fiガ'],
    ['one line without the space around it', `${' '.repeat(10_000)}e\u0301 `, TITLE, 'é'],
    [
      'as many marks as there may be',
      `e${'\u0323\u0301'.repeat(15)}`,
      BODY,
      `ẹ${'\u0323'.repeat(14)}${'\u0301'.repeat(15)}`,
    ],
    ['an alphabet beyond 16 bits', '\u{1D165}'.repeat(30), BODY, '\u{1D165}'.repeat(30)],
    ['many words with marks', 'e\u0301 '.repeat(2_000), BODY, 'é '.repeat(2_000)],
  ])('is kept in %s', (_what, sent, rules, kept) => {
    expect(read(sent, rules)).toEqual({ text: kept, problem: null });
  });

  it('is measured when it is composed, however long it was when it was sent', () => {
    const kept = '\u1F82'.repeat(LIMITS.bodyMaxCharacters);
    const sent = kept.normalize('NFD');
    expect(sent).toHaveLength(4 * kept.length);
    expect(read(sent, BODY)).toEqual({ text: kept, problem: null });
  });

  it.each<[string, string, TextRules, string]>([
    ['a password of 63 KB of marks', `a${'\u0301'.repeat(16_000)}${'\u0323'.repeat(15_800)}`, PASSWORD, 'at most 128'],
    ['a body of 63 KB of marks', `a${'\u0301'.repeat(16_000)}${'\u0323'.repeat(15_800)}`, BODY, 'at most 4000'],
    ['a body that is long and has marks', 'e\u0301'.repeat(15_000), BODY, 'at most 4000'],
    ['a title that is long and has marks', ` ${'e\u0301'.repeat(1_000)} `, TITLE, 'at most 100'],
    ['31 marks', `a${'\u0301\u0323'.repeat(15)}\u0301`, BODY, TOO_MANY_MARKS],
    ['31 marks in one line', ` a${'\u0301'.repeat(31)} `, TITLE, TOO_MANY_MARKS],
    ['31 marks beyond 16 bits', '\u{1D165}'.repeat(31), BODY, TOO_MANY_MARKS],
    ['31 letters that NFKC makes marks of', '\uFF9E\u0323'.repeat(16), PASSWORD, TOO_MANY_MARKS],
    ['half a surrogate pair', 'e\u0301\ud800', BODY, 'well-formed'],
  ])('is refused, and not normalized, when it is %s', (_what, sent, rules, problem) => {
    expect(read(sent, rules)).toEqual({ text: sent, problem: expect.stringContaining(problem) as string });
    expect(normalize).not.toHaveBeenCalled();
  });
});
