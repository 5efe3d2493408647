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

  it('keeps the breaks of lines', () => {
    expect(html('one\ntwo')).toBe('<p>one<br>\ntwo</p>');
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
