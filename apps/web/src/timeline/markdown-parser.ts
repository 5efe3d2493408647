import { Marked, Renderer, type Tokens } from 'marked';

/** What a message is not: a document. Those parts of Markdown stay as they were written. */
const notKnown = (): undefined => undefined;

const marked = new Marked({ gfm: true, breaks: true }).use({
  tokenizer: {
    code: notKnown,
    def: notKnown,
    heading: notKnown,
    hr: notKnown,
    html: notKnown,
    lheading: notKnown,
    table: notKnown,
    tag: notKnown,
  },
});

export const SAFE_LINK = /^(https?:|mailto:)/i;

/** Writes the tokens of one message. */
class MessageRenderer extends Renderer {
  constructor(private readonly names: ReadonlySet<string>) {
    super();
  }

  override text(token: Tokens.Text | Tokens.Escape): string {
    if ('tokens' in token && token.tokens !== undefined) return this.parser.parseInline(token.tokens);
    return markMentions(escapeHtml(token.text), this.names);
  }

  override link({ href, raw, tokens }: Tokens.Link): string {
    if (!SAFE_LINK.test(href)) return escapeHtml(raw);
    const text = this.parser.parseInline(tokens);
    return `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer nofollow">${text}</a>`;
  }

  override code({ text }: Tokens.Code): string {
    return `<pre><code>${escapeHtml(text)}\n</code></pre>\n`;
  }

  override codespan({ text }: Tokens.Codespan): string {
    return `<code>${escapeHtml(text)}</code>`;
  }

  override del({ tokens }: Tokens.Del): string {
    return `<s>${this.parser.parseInline(tokens)}</s>`;
  }

  override image({ raw }: Tokens.Image): string {
    return escapeHtml(raw);
  }

  override checkbox({ checked }: Tokens.Checkbox): string {
    return checked ? '[x] ' : '[ ] ';
  }
}

/**
 * A small part of Markdown: bold, italic, strike, code, lists, quotes and links. HTML in a message is text to the
 * parser, and links lead to the web or to a mailbox. `names` are the usernames, in small letters, that the message
 * mentions.
 */
export function parseMarkdown(text: string, names: ReadonlySet<string>): string {
  const plain = `<p>${markMentions(escapeHtml(text), names).replaceAll('\n', '<br>')}</p>`;
  if (TOO_DEEP.test(text) || ONLY_A_MARKER.test(text)) return plain;
  try {
    return marked.parser(marked.lexer(text), { ...marked.defaults, renderer: new MessageRenderer(names) });
  } catch {
    return plain;
  }
}

/** Whoever says `+` or `1.` begins no list. */
const ONLY_A_MARKER = /^\s*(?:[-*+>]|\d{1,9}[.)])\s*$/;

/** Quotes in lists in quotes: nobody writes so many, and the parser goes into each by calling itself. */
const TOO_DEEP = /^[ \t]*(?:>[ \t]*|(?:[-*+]|\d{1,9}[.)])[ \t]+){10}/m;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A name after an `@`; whether it is anybody's is known by the names. */
const MENTION = /@([A-Za-z0-9_.-]{3,30})/g;

function markMentions(html: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return html;
  return html.replace(MENTION, (whole, written: string) => {
    const known = findName(written.toLowerCase(), names);
    if (known === null) return whole;
    return `<mark>@${written.slice(0, known.length)}</mark>${written.slice(known.length)}`;
  });
}

/** A sentence may end after a name: `@ada.` is `ada` unless somebody is called `ada.`. */
function findName(written: string, names: ReadonlySet<string>): string | null {
  for (let length = written.length; length >= 3; length -= 1) {
    const name = written.slice(0, length);
    if (names.has(name)) return name;
    if (!/[_.-]$/.test(name)) return null;
  }
  return null;
}
