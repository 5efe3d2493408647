import DOMPurify from 'dompurify';
import { parseMarkdown, SAFE_LINK } from './markdown-parser.js';

const ALLOWED = {
  ALLOWED_TAGS: ['p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'mark'],
  ALLOWED_ATTR: ['href', 'target', 'rel', 'start'],
  ALLOWED_URI_REGEXP: SAFE_LINK,
};

const KEPT_MAX = 2_000;
const kept = new Map<string, string>();

/**
 * A message as HTML that may be put into the page.
 *
 * Guarantee: whatever a message says, nothing of it runs. What the parser makes goes through a sanitizer that
 * knows the few elements above and nothing else. The parser alone is covered by `markdown-parser.spec.ts`, both
 * of them, in a browser, by the list of attacks in `test/browser/`.
 *
 * `names` are the usernames, in small letters, that the message mentions.
 */
export function toHtml(text: string, names: ReadonlySet<string>): string {
  const key = `${[...names].join(' ')}\n${text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const html = DOMPurify.sanitize(parseMarkdown(text, names), ALLOWED);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(key, html);
  return html;
}
