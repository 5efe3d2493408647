import { LIMITS } from '@parley/contracts';

const NOT_IN_USERNAMES = /[^A-Za-z0-9_.-]/g;
const NOT_IN_DISPLAY_NAMES = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;
const NICK_PART_MAX = 16;
const REPLACEMENT = '\uFFFD';

/**
 * A valid username that still shows the nick. Nicks hold what usernames cannot, and differ where
 * usernames do not (in case), so the number of the person and the mark of the run make it unique.
 */
export function toUsername(nick: string, person: number, run: string): string {
  const readable = nick.replace(NOT_IN_USERNAMES, '').slice(0, NICK_PART_MAX);
  return `${readable}-${person.toString(36)}-${run}`.replace(/^-/, 'nick-').slice(0, LIMITS.usernameMax);
}

/** The nick as a display name: the same, but for what a name on one line cannot hold. */
export function toDisplayName(nick: string): string {
  const name = nick.toWellFormed().replace(NOT_IN_DISPLAY_NAMES, REPLACEMENT).normalize('NFC').trim();
  return (
    name
      .slice(0, LIMITS.displayNameMax)
      .replace(/[\uD800-\uDBFF]$/, '')
      .trim() || REPLACEMENT
  );
}
