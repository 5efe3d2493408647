import type { Role } from '@parley/contracts';
import { decodeCursor, encodeCursor } from '../common/cursor.js';
import type { ActivityPosition, MemberRow } from './conversations.queries.js';

/** Where the lists of this feature go on, packed into cursors and unpacked again. Pure. */

const DIGITS = /^\d{1,16}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ROLE = /^(owner|admin|member)$/;

/** Which part of a list: `limit` items after `cursor`. */
export interface PageQuery {
  cursor?: string;
  limit?: number;
}

export function encodeActivity(position: ActivityPosition): string {
  return encodeCursor([position.activity, position.conversationId]);
}

/** @throws DomainError `validation_failed` */
export function decodeActivity(cursor: string): ActivityPosition {
  const [activity = '', conversationId = ''] = decodeCursor(cursor, [DIGITS, UUID]);
  return { activity, conversationId };
}

export function encodeMember(member: MemberRow): string {
  return encodeCursor([member.role, String(member.joinedSeq), member.userId]);
}

/** @throws DomainError `validation_failed` */
export function decodeMember(cursor: string): MemberRow {
  const [role = '', joinedSeq = '', userId = ''] = decodeCursor(cursor, [ROLE, DIGITS, UUID]);
  return { role: role as Role, joinedSeq: Number(joinedSeq), userId };
}

export function encodeUser({ userId }: { userId: string }): string {
  return encodeCursor([userId]);
}

/** @throws DomainError `validation_failed` */
export function decodeUser(cursor: string): string {
  const [userId = ''] = decodeCursor(cursor, [UUID]);
  return userId;
}

/**
 * Cuts a page out of rows that were read with one more than `limit`: the row too many says that the
 * list goes on.
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  encode: (row: Row) => string,
): { page: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last !== undefined ? encode(last) : null };
}
