import type { Page, UserView } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { decodeCursor, encodeCursor } from '../common/cursor.js';
import { foldKey } from './fold-key.js';
import { findByDisplayName, findByUsername, toPrefixPattern, type ListedUser } from './users.queries.js';
import { toUserView } from './users.view.js';

/** Where a search goes on: in which of its two parts, and after whom. */
interface Position {
  part: 'username' | 'displayName';
  key: string;
  id: string;
}

type Found = ListedUser & { key: string };

const CURSOR_SHAPE = [/^(username|displayName)$/, /^[^\0]*$/, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/];
const NOBODY = '00000000-0000-0000-0000-000000000000';
const START: Position = { part: 'username', key: '', id: NOBODY };

/**
 * Finds people by the beginning of their names: first all whose username matches, then those whose
 * display name alone does. Each part walks one index in its order, so a page costs the same however
 * many people match; one order over both would have to sort all of them first.
 */
export async function searchUsers(
  db: EntityManager,
  search: { askerId: string; query: string; cursor?: string; limit: number },
): Promise<Page<UserView>> {
  const { part, key, id } = search.cursor === undefined ? START : readCursor(search.cursor);
  const pattern = toPrefixPattern(foldKey(search.query));
  const { askerId, limit } = search;
  const byUsername =
    part === 'username' ? await findByUsername(db, { pattern, askerId, afterKey: key, count: limit + 1 }) : [];
  if (byUsername.length > limit) return toPage(byUsername, limit, 'username');

  const after = part === 'displayName' ? { afterKey: key, afterId: id } : { afterKey: '', afterId: NOBODY };
  const count = limit + 1 - byUsername.length;
  const byDisplayName = await findByDisplayName(db, { pattern, askerId, ...after, count });
  // NOTE: when the first part fills the page exactly, the cursor must still point into it.
  const lastPart = byUsername.length === limit ? 'username' : 'displayName';
  return toPage([...byUsername, ...byDisplayName], limit, lastPart);
}

function toPage(found: readonly Found[], limit: number, part: Position['part']): Page<UserView> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items: items.map(toUserView), nextCursor: more ? encodeCursor([part, last.key, last.id]) : null };
}

function readCursor(cursor: string): Position {
  const [part, key = '', id = NOBODY] = decodeCursor(cursor, CURSOR_SHAPE);
  return { part: part === 'username' ? 'username' : 'displayName', key, id };
}
