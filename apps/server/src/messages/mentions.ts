import { LIMITS } from '@parley/contracts';

/** Scripts that are written without spaces, or put endings behind a name: their letters do not go on with it. */
const APART = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const LETTER = `(?![${APART.map((script) => `\\p{Script=${script}}`).join('')}])[\\p{L}\\p{N}]`;

/** A name after an `@` that no word, address or other `@` runs into, and that no letter follows. */
const MENTION = new RegExp(`(?<!_|@|${LETTER})@([A-Za-z0-9_.-]{3,})(?!${LETTER})`, 'gu');
const EVERYBODY = 'all';
const EVERYBODY_TOKEN = '*';

/**
 * Whom a text may mention, as `resolve_mentions` in the database reads it; null when nobody.
 *
 * Tokens are separated by spaces: `*` for `@all`, else the usernames that one mention may mean, the
 * longest first, separated by commas. A username may end in a dot and so may a sentence: `@ada.` is
 * `ada.` if there is such a member, and otherwise `ada`. Which of them is one, and whether the sender
 * may mention everybody, is decided where the message gets its number. Mentions after the first
 * `LIMITS.mentionsMax` different ones are plain text.
 */
export function toMentionTokens(body: string): string | null {
  if (!body.includes('@')) return null;
  const tokens = new Set<string>();
  for (const [, name = ''] of body.matchAll(MENTION)) {
    const token = toToken(name.toLowerCase());
    if (token !== null) tokens.add(token);
    if (tokens.size === LIMITS.mentionsMax) break;
  }
  return tokens.size === 0 ? null : [...tokens].join(' ');
}

function toToken(name: string): string | null {
  const bare = name.slice(0, bareLength(name));
  if (bare === EVERYBODY) return EVERYBODY_TOKEN;
  const longest = Math.min(name.length, LIMITS.usernameMax);
  const shortest = Math.max(bare.length, LIMITS.usernameMin);
  if (shortest > longest) return null;
  return Array.from({ length: longest - shortest + 1 }, (_, cut) => name.slice(0, longest - cut)).join(',');
}

/** The length without the punctuation at the end. From the end, because a regular expression would try at every dot. */
function bareLength(name: string): number {
  let length = name.length;
  while (length > 0 && '_.-'.includes(name.charAt(length - 1))) length -= 1;
  return length;
}
