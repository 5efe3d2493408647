import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';

export interface TextRules {
  min?: number;
  /** Unicode code points after normalization. */
  max: number;
  /** Bytes in UTF-8 after normalization. */
  maxBytes?: number;
  /** One line for people: surrounding space is cut off, control characters are refused. */
  singleLine?: boolean;
  normalize?: 'NFC' | 'NFKC';
}

// What PostgreSQL or a JSON reader cannot keep: NUL, and halves of surrogate pairs.
const hasNul = (text: string): boolean => text.includes('\u0000');
const CONTROL_OR_DIRECTION = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

/** Something to be seen: no space, no control, and nothing that is drawn as nothing, like a joiner or a filler. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/** No character has more UTF-16 units decomposed, so a text longer than this many times its maximum is too long. */
const UNITS_PER_CHARACTER_MAX = 6;

/** As in Unicode's Stream-Safe Text Format (UAX #15): no language needs nearly as many. */
const COMBINING_MARKS_MAX = 30;
// The last two are letters to Unicode, but NFKC makes combining marks of them.
const COMBINING_MARKS = /[\p{M}\uFF9E\uFF9F]{2,}/gu;

/** Says what is wrong with a text, or null. */
export function textProblem(value: unknown, rules: TextRules): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (!value.isWellFormed() || hasNul(value)) return 'must be well-formed text without NUL';
  if (rules.singleLine === true && CONTROL_OR_DIRECTION.test(value)) return 'must not contain control characters';
  const length = countCharacters(value);
  if (length < (rules.min ?? 0)) return `must have at least ${rules.min} characters`;
  if ((rules.min ?? 0) > 0 && !VISIBLE.test(value)) return 'must not be blank';
  if (length > rules.max) return `must have at most ${rules.max} characters`;
  if (hasTooManyMarks(value)) return `must not have more than ${COMBINING_MARKS_MAX} combining marks in a row`;
  if (rules.maxBytes !== undefined && Buffer.byteLength(value) > rules.maxBytes) {
    return `must have at most ${rules.maxBytes} bytes`;
  }
  return null;
}

/** Code points, so that an emoji counts once as it does in PostgreSQL. */
function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function hasTooManyMarks(text: string): boolean {
  for (const [marks] of text.matchAll(COMBINING_MARKS)) {
    if (marks.length > COMBINING_MARKS_MAX && countCharacters(marks) > COMBINING_MARKS_MAX) return true;
  }
  return false;
}

/**
 * The form in which a text is kept. What {@link textProblem} refuses in any form comes back as it is:
 * normalizing sorts combining marks, which takes time by the square of how many follow one another,
 * and would let 60 KB of them stop the process for a second.
 */
export function normalizeText(value: string, rules: TextRules): string {
  if (!value.isWellFormed()) return value;
  const text = rules.singleLine === true ? value.trim() : value;
  if (text.length > UNITS_PER_CHARACTER_MAX * rules.max || hasTooManyMarks(text)) return value;
  const normalized = text.normalize(rules.normalize ?? 'NFC');
  return rules.singleLine === true ? normalized.trim() : normalized;
}

/** A property that holds text: normalized first, then measured. */
export function IsText(rules: TextRules, options?: ValidationOptions): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalizeText(value, rules) : value)),
    ValidateBy(
      {
        name: 'isText',
        validator: {
          validate: (value) => textProblem(value, rules) === null,
          defaultMessage: (args) => textProblem(args?.value, rules) ?? '',
        },
      },
      options,
    ),
  );
}
