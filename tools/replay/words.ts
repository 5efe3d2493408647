import { LIMITS } from '@parley/contracts';

/** One message: what is sent, and what must be found. */
export interface Words {
  text: string;
  /** The text as Parley keeps it: in NFC. */
  body: string;
}

/** What becomes of the words of one line: the messages that carry them, or why there can be none. */
export type Wording = { messages: readonly Words[] } | { unsayable: string };

const ACTION = '/me ';
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/**
 * Puts the words of a line into messages. An action keeps the form in which people type it,
 * `/me waves`. Words beyond the length of one message go on in the next, as chat clients do it; each
 * part is checked like any other message. What no message can hold (nothing visible, NUL, half a
 * surrogate pair) is unsayable.
 *
 * NOTE: the limit in bytes needs no look: 4,000 UTF-16 code units are at most 12,000 bytes of UTF-8.
 */
export function toWording(kind: 'message' | 'action', text: string): Wording {
  if (!text.isWellFormed()) return { unsayable: 'half a surrogate pair is not text' };
  if (text.includes('\u0000')) return { unsayable: 'a text cannot hold NUL' };
  const prefix = kind === 'action' ? ACTION : '';
  const whole = (prefix + text).normalize('NFC');
  if (whole.trim() === '') return { unsayable: 'a blank text is not a message' };
  if (whole.length <= LIMITS.bodyMaxCharacters) return { messages: [{ text: prefix + text, body: whole }] };
  const parts = split(text.normalize('NFC'), LIMITS.bodyMaxCharacters - prefix.length).map((part) => prefix + part);
  if (parts.some((part) => part.trim() === '')) return { unsayable: 'a stretch as long as a message is blank' };
  return { messages: parts.map((part) => ({ text: part, body: part })) };
}

/** Cuts a text into pieces of at most `length` code units, never through a surrogate pair. */
function split(text: string, length: number): string[] {
  const parts: string[] = [];
  for (let rest = text; rest !== '';) {
    let part = rest.slice(0, length);
    if (part.length < rest.length && HIGH_SURROGATE.test(part)) part = part.slice(0, -1);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}
