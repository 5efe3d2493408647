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

/** Says what is wrong with a text, or null. */
export function textProblem(value: unknown, rules: TextRules): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (!value.isWellFormed() || hasNul(value)) return 'must be well-formed text without NUL';
  if (rules.singleLine === true && CONTROL_OR_DIRECTION.test(value)) return 'must not contain control characters';
  const length = countCharacters(value);
  if (length < (rules.min ?? 0)) return `must have at least ${rules.min} characters`;
  if ((rules.min ?? 0) > 0 && value.trim() === '') return 'must not be blank';
  if (length > rules.max) return `must have at most ${rules.max} characters`;
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

/** A property that holds text: normalized first, then measured. */
export function IsText(rules: TextRules, options?: ValidationOptions): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => {
      if (typeof value !== 'string' || !value.isWellFormed()) return value;
      const normalized = value.normalize(rules.normalize ?? 'NFC');
      return rules.singleLine === true ? normalized.trim() : normalized;
    }),
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
