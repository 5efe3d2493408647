import type { Conversation, TimelineSnapshot } from '@parley/client';
import { useCallback, useEffect, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { toSeq, type Row } from './rows.js';
import type { Target } from './target.js';

/** So near to the end a list counts as being there, and follows what comes. */
export const AT_END_PX = 48;

export interface ReadNoticeInput {
  latestRef: RefObject<{
    conversation: Conversation;
    timeline: TimelineSnapshot;
    rows: readonly Row[];
    handle: RefObject<VirtualizerHandle | null>;
  }>;
  /** Where the list is on its way to: what passes meanwhile is not read. */
  wantedRef: RefObject<Target | null>;
}

/** Says what has been read: what was in sight, of a page that somebody looks at. To be called when that changes. */
export function useReadNotice({ latestRef, wantedRef }: ReadNoticeInput): () => void {
  const noticeRead = useCallback((): void => {
    const { handle, timeline, rows, conversation } = latestRef.current;
    const list = handle.current;
    if (list === null || rows.length === 0 || wantedRef.current !== null) return;
    if (document.visibilityState !== 'visible' || !document.hasFocus()) return;
    if (!timeline.hasNewer && toEnd(list) <= AT_END_PX) {
      conversation.markRead();
      return;
    }
    const lowest = rows[list.findItemIndex(list.scrollOffset + list.viewportSize - AT_END_PX)];
    const seq = lowest === undefined ? null : toSeq(lowest.message);
    if (seq !== null) conversation.markRead(seq);
  }, [latestRef, wantedRef]);

  useEffect(() => {
    window.addEventListener('focus', noticeRead);
    document.addEventListener('visibilitychange', noticeRead);
    return () => {
      window.removeEventListener('focus', noticeRead);
      document.removeEventListener('visibilitychange', noticeRead);
    };
  }, [noticeRead]);
  return noticeRead;
}

/** How many pixels are below what is in sight. */
export function toEnd({ scrollSize, scrollOffset, viewportSize }: VirtualizerHandle): number {
  return scrollSize - scrollOffset - viewportSize;
}
