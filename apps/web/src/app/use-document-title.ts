import type { ProfileView } from '@parley/contracts';
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { countWaiting, toBadge, toTitle } from '../conversations/describe.js';
import { client } from '../session/client.js';
import { useStore } from '../shared/use-store.js';

/** The title of the page: what waits, and where one is. */
export function useDocumentTitle(me: ProfileView | null, openId: string | null): void {
  const { items } = useStore(client.conversations);
  const [path] = useLocation();
  const open = items.find(({ conversation }) => conversation.id === openId);
  const place = open !== undefined && me !== null ? toTitle(open.conversation, me.id) : toPlace(path);
  const waiting = countWaiting(items);
  const title = `${waiting > 0 ? `(${toBadge(waiting)}) ` : ''}${place === null ? '' : `${place} · `}Parley`;
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = 'Parley';
    };
  }, [title]);
}

function toPlace(path: string): string | null {
  return path.startsWith('/settings') ? 'Settings' : null;
}
