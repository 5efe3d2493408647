import MarkdownIt from 'markdown-it';

/**
 * A small part of Markdown: bold, italic, strike, code, lists, quotes and links. HTML in a message is text to the
 * parser, and links lead to the web or to a mailbox.
 */
const parser = new MarkdownIt('default', { html: false, linkify: true, breaks: true }).disable([
  ...['heading', 'lheading', 'hr', 'html_block', 'reference', 'table', 'image', 'html_inline', 'code'],
]);

export const SAFE_LINK = /^(https?:|mailto:)/i;
parser.validateLink = (url) => SAFE_LINK.test(url);
// `example.py` and `v1.js` are names of files more often than hosts; what begins with a scheme is meant as a link.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

parser.renderer.rules['link_open'] = (tokens, index, options, _environment, renderer) => {
  tokens[index]?.attrSet('target', '_blank');
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
  return renderer.renderToken(tokens, index, options);
};

/** A name after an `@`; whether it is anybody's is known by `names`. */
const MENTION = /@([A-Za-z0-9_.-]{3,30})/g;

parser.renderer.rules['text'] = (tokens, index, _options, environment) => {
  const text = parser.utils.escapeHtml(tokens[index]?.content ?? '');
  const { names } = (environment ?? {}) as { names?: ReadonlySet<string> };
  if (names === undefined || names.size === 0) return text;
  return text.replace(MENTION, (whole, name: string) => {
    const known = findName(name.toLowerCase(), names);
    return known === null ? whole : `<mark>@${name.slice(0, known.length)}</mark>${name.slice(known.length)}`;
  });
};

/** `names` are the usernames, in small letters, that the message mentions. */
export function parseMarkdown(text: string, names: ReadonlySet<string>): string {
  return parser.render(text, { names });
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
