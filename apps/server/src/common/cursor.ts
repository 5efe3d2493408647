import { DomainError } from './domain-error.js';

/** Longer than any cursor. */
export const CURSOR_MAX_LENGTH = 1_000;

/** Packs the position after which a list goes on. Opaque to clients. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * Unpacks what {@link encodeCursor} made. `shape` is how many parts it has, or what each looks like:
 * clients hand cursors back, and may hand back anything.
 * @throws DomainError `validation_failed` unless it has that shape
 */
export function decodeCursor(cursor: string, shape: number | readonly RegExp[]): string[] {
  const parts = parse(cursor);
  const fits =
    typeof shape === 'number'
      ? parts?.length === shape
      : parts?.length === shape.length && shape.every((pattern, index) => pattern.test(parts[index] ?? ''));
  if (parts !== null && fits) return parts;
  const message = 'is not a cursor that this server gave out';
  throw new DomainError('validation_failed', `cursor ${message}`, { errors: [{ path: 'cursor', message }] });
}

function parse(cursor: string): string[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : null;
  } catch {
    return null;
  }
}
