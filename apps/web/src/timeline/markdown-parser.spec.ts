import fc from 'fast-check';
import { parseMarkdown } from './markdown-parser.js';

const NOBODY = new Set<string>();
const html = (text: string): string => parseMarkdown(text, NOBODY).trim();

describe('messages in Markdown', () => {
  it('knows bold, italic, strike, code, lists, quotes and links', () => {
    expect(html('**b** *i* ~~s~~ `c`')).toBe('<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>');
    expect(html('- one\n- two')).toContain('<li>one</li>');
    expect(html('> said')).toContain('<blockquote>');
    expect(html('```\nx < y\n```')).toContain('<pre><code>x &lt; y\n</code></pre>');
    expect(html('see https://example.org/a')).toContain('href="https://example.org/a"');
  });

  it('leaves headings, tables, rules and pictures as they were written', () => {
    expect(html('# loud')).toBe('<p># loud</p>');
    expect(html('---')).toBe('<p>---</p>');
    expect(html('![x](https://example.org/x.png)')).not.toContain('<img');
  });

  it('takes a marker alone for what somebody says', () => {
    expect(html('+')).toBe('<p>+</p>');
    expect(html('1.')).toBe('<p>1.</p>');
  });

  it('keeps the breaks of lines', () => {
    expect(html('one\ntwo')).toBe('<p>one<br>two</p>');
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '`<svg onload=alert(1)>`',
  ])('shows %s as text', (text) => {
    expect(html(text)).not.toMatch(/<(script|img|a|svg)/);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '/c/x',
  ])('makes no link to %s', (url) => {
    expect(html(`[x](${url})`)).not.toContain('href');
  });

  it('opens links elsewhere, without a way back', () => {
    expect(html('https://example.org')).toContain('target="_blank" rel="noopener noreferrer nofollow"');
  });
});

describe('a message of anything', () => {
  const pieces = fc.constantFrom(
    ...[
      '*',
      '_',
      '~~',
      '`',
      '```',
      '[',
      '](',
      ')',
      '!',
      '<',
      '>',
      '&',
      '"',
      "'",
      '\\',
      '\n',
      '    ',
      '- ',
      '1. ',
      '> ',
    ],
    ...[
      '# ',
      '---',
      '|',
      '@ada',
      'https://x.y',
      'javascript:alert(1)',
      '<img src=x onerror=alert(1)>',
      '&lt;',
      'a',
      '🎉',
    ],
  );
  const allowed = /<(?!\/?(?:p|br|strong|em|s|code|pre|blockquote|ul|ol|li|a|mark)\b)/;

  it('becomes elements that are known, with links that are safe', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const made = parseMarkdown(parts.join(''), new Set(['ada']));
        expect(made).not.toMatch(allowed);
        for (const [, href] of made.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^(https?:|mailto:)/i);
      }),
      { numRuns: 2_000 },
    );
  });

  it('may be nested as deep as one likes', () => {
    const deep = '*_'.repeat(900) + 'x' + '_*'.repeat(900);
    expect(parseMarkdown(deep, NOBODY)).toContain('x');
    expect(parseMarkdown(`${'> '.repeat(9)}x`, NOBODY)).toContain('<blockquote>');
    expect(parseMarkdown(`${'> '.repeat(99)}x`, NOBODY)).not.toContain('<blockquote>');
  });

  it.each(['>', '*', '[', '`', '- ', '1. ', '<', '~~', '![', '@ada '])('of %s alone costs no time', (piece) => {
    const begun = performance.now();
    parseMarkdown(piece.repeat(4_000 / piece.length), NOBODY);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

describe('mentions', () => {
  const names = new Set(['ada', 'ben.']);

  it('marks the names of those who are mentioned', () => {
    expect(parseMarkdown('hello @Ada!', names)).toContain('<mark>@Ada</mark>!');
    expect(parseMarkdown('hello @cleo', names)).not.toContain('<mark>');
  });

  it('takes the end of a sentence for what it is, unless the name has it', () => {
    expect(parseMarkdown('ask @ada.', names)).toContain('<mark>@ada</mark>.');
    expect(parseMarkdown('ask @ben.', names)).toContain('<mark>@ben.</mark>');
  });

  it('does not look into code', () => {
    expect(parseMarkdown('`@ada`', names)).not.toContain('<mark>');
  });
});
