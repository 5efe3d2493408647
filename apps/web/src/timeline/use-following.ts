import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { AT_END_PX, toEnd } from './use-read-notice.js';

/** So long after a wheel, a finger or a key the list moves because of them. */
const HAND_MS = 600;

export interface Following {
  /** The list is at its end, and follows what comes. */
  readonly isFollowing: () => boolean;
  readonly follow: (follows: boolean) => void;
  readonly noticeScroll: (list: VirtualizerHandle, hasNewer: boolean) => void;
}

/**
 * Whether the list follows its end. It stays there when a window, the composer or a message gets another size, and
 * leaves only when a person scrolls up: rows that are measured move it, too.
 */
export function useFollowing(
  scroller: RefObject<HTMLElement | null>,
  generation: number,
  mayFollow: () => boolean,
): Following {
  const isAtEnd = useRef(true);
  const lastOffset = useRef(0);
  const touchedAt = useRef(-Infinity);
  const isToStay = useEffectEvent(() => isAtEnd.current && mayFollow());

  // Another stretch of the history took the place of what was shown: there is no place to keep.
  useLayoutEffect(() => {
    isAtEnd.current = true;
  }, [generation]);

  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const observer = new ResizeObserver(() => {
      if (isToStay()) current.scrollTo({ top: current.scrollHeight });
    });
    observer.observe(current);
    if (current.lastElementChild !== null) observer.observe(current.lastElementChild);
    return () => observer.disconnect();
  }, [scroller, generation]);

  useEffect(() => {
    const { current } = scroller;
    const touch = (): void => {
      touchedAt.current = performance.now();
    };
    for (const type of HANDS) current?.addEventListener(type, touch, { passive: true });
    return () => {
      for (const type of HANDS) current?.removeEventListener(type, touch);
    };
  }, [scroller]);

  const noticeScroll = useCallback((list: VirtualizerHandle, hasNewer: boolean): void => {
    const isMovedUp = list.scrollOffset < lastOffset.current && performance.now() - touchedAt.current < HAND_MS;
    lastOffset.current = list.scrollOffset;
    if (toEnd(list) <= AT_END_PX) isAtEnd.current = !hasNewer;
    else if (isMovedUp) isAtEnd.current = false;
  }, []);
  const isFollowing = useCallback((): boolean => isAtEnd.current, []);
  const follow = useCallback((follows: boolean): void => {
    isAtEnd.current = follows;
  }, []);
  return { isFollowing, follow, noticeScroll };
}

/** `pointermove` is there for the bar at the side, which a page is told nothing else of. */
const HANDS = ['wheel', 'touchmove', 'keydown', 'pointerdown', 'pointermove'] as const;
