import createDOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

/**
 * A small part of Markdown, as safe HTML: bold, italic, strike, code, lists, quotes and links.
 *
 * Guarantee: whatever a message says, nothing of it runs. HTML in it is text to the parser; what the parser
 * makes goes through a sanitizer that knows the few elements below and nothing else; links lead to the web or
 * to a mailbox. Covered by `markdown.spec.ts` and, in a browser, by the list of attacks in `test/browser/`.
 */
const parser = new MarkdownIt('default', { html: false, linkify: true, breaks: true }).disable([
  ...['heading', 'lheading', 'hr', 'html_block', 'reference', 'table', 'image', 'html_inline', 'code'],
]);

const SAFE_LINK = /^(https?:|mailto:)/i;
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

const ALLOWED = {
  ALLOWED_TAGS: ['p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'mark'],
  ALLOWED_ATTR: ['href', 'target', 'rel', 'start'],
  ALLOWED_URI_REGEXP: SAFE_LINK,
};

const KEPT_MAX = 2_000;
const kept = new Map<string, string>();

/** `names` are the usernames, in small letters, that the message mentions. */
export function toHtml(text: string, names: ReadonlySet<string>): string {
  const key = `${[...names].join(' ')}\n${text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const html = createDOMPurify.sanitize(parser.render(text, { names }), ALLOWED);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(key, html);
  return html;
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
