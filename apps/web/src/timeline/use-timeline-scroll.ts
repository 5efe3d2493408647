import type { Conversation, TimelineSnapshot } from '@parley/client';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { findRow, toSeq, type Row } from './rows.js';
import type { Target } from './target.js';
import { useFollowing } from './use-following.js';
import { toEnd, useReadNotice } from './use-read-notice.js';

/** So far from it there is a button that leads back. */
const AWAY_PX = 400;
/** So near to an edge the next page is asked for. */
const LOAD_PX = 1_200;
/** More new messages than a first page is sure to hold. */
const FAR_COUNT = 30;

export interface TimelineScrollInput {
  conversation: Conversation;
  timeline: TimelineSnapshot;
  rows: readonly Row[];
  generation: number;
  target: Target;
  handle: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLElement | null>;
  onError: (error: unknown) => void;
}

export interface TimelineScroll {
  /** The end is out of sight. */
  readonly isAway: boolean;
  /** What the last page failed with. */
  readonly error: unknown;
  readonly onScroll: () => void;
  readonly retry: () => void;
}

/**
 * Where the list stands: brings it to its target, keeps it at the end while it is there, loads what comes next
 * before it is reached, and says what has been read.
 */
export function useTimelineScroll(input: TimelineScrollInput): TimelineScroll {
  const { conversation, timeline, rows, generation, target, handle, scroller } = input;
  const [isAway, setAway] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const wanted = useRef<Target | null>(null);
  const latest = useRef(input);
  useLayoutEffect(() => {
    latest.current = input;
  });

  const load = useCallback((task: Promise<void>): void => {
    const fail = (failure: unknown): void => {
      setError(failure);
      latest.current.onError(failure);
    };
    task.then(() => setError(null), fail).finally(() => setRound((count) => count + 1));
  }, []);

  const loadEdges = useCallback((): void => {
    const list = handle.current;
    const { timeline: now, conversation: here } = latest.current;
    if (list === null || now.isLoading || wanted.current !== null) return;
    if (now.hasOlder && list.scrollOffset < LOAD_PX) load(here.loadOlder());
    else if (now.hasNewer && toEnd(list) < LOAD_PX) load(here.loadNewer());
  }, [handle, load]);

  const mayFollow = (): boolean => !timeline.hasNewer && wanted.current === null;
  const { isFollowing, follow, noticeScroll } = useFollowing(scroller, generation, mayFollow);
  const noticeRead = useReadNotice({ latestRef: latest, wantedRef: wanted });

  const onScroll = useCallback((): void => {
    const list = handle.current;
    if (list === null) return;
    const distance = toEnd(list);
    const { hasNewer } = latest.current.timeline;
    noticeScroll(list, hasNewer);
    setAway(hasNewer || (distance > AWAY_PX && !isFollowing()));
    loadEdges();
    noticeRead();
  }, [handle, isFollowing, noticeScroll, loadEdges, noticeRead]);

  const stayAtEnd = useCallback((): void => {
    const { rows: shown, timeline: now } = latest.current;
    if (!isFollowing() || now.hasNewer || wanted.current !== null || shown.length === 0) return;
    handle.current?.scrollToIndex(shown.length - 1, { align: 'end' });
  }, [handle, isFollowing]);

  // Asks for the part of the history in which the target is.
  useEffect(() => {
    wanted.current = target;
    const { timeline: now, rows: shown } = latest.current;
    if (target.kind === 'message') {
      if (findRow(shown, target.seq) === -1) load(conversation.jumpTo(target.seq));
      else setRound((count) => count + 1);
    } else if (now.hasOlder && isBeforeWindow(target, now)) {
      const isFar = target.kind === 'unread' && target.count > FAR_COUNT;
      load(isFar ? conversation.jumpTo(target.after) : conversation.loadOlder());
    } else if (target.kind === 'latest' && now.hasNewer) load(conversation.jumpToLatest());
    else setRound((count) => count + 1);
  }, [conversation, target, load]);

  // Once it is there, goes there; otherwise stays where it is, which at the end means to follow.
  useLayoutEffect(() => {
    const place = wanted.current === null ? null : findPlace(wanted.current, rows, timeline);
    if (place === null) {
      stayAtEnd();
    } else if (!timeline.isLoading) {
      follow(place.align === 'end' && !timeline.hasNewer);
      wanted.current = null;
      handle.current?.scrollToIndex(place.index, { align: place.align, offset: place.offset });
    }
  }, [rows, timeline, generation, round, handle, follow, stayAtEnd]);

  // What fits on the screen is read without a scroll, and may need one more page to fill it.
  useEffect(() => {
    const frame = requestAnimationFrame(onScroll);
    return () => cancelAnimationFrame(frame);
  }, [rows, round, onScroll]);

  const retry = useCallback((): void => {
    setError(null);
    const { messages } = latest.current.timeline;
    if (messages.length === 0) load(conversation.loadOlder());
    else loadEdges();
  }, [conversation, load, loadEdges]);

  return { isAway, error, onScroll, retry };
}

/** Whether what is wanted is older than what is loaded; of an empty window everything is. */
function isBeforeWindow(target: Target, { messages }: TimelineSnapshot): boolean {
  const first = messages[0] === undefined ? null : toSeq(messages[0]);
  return first === null || (target.kind === 'unread' && first > target.after + 1);
}

interface Place {
  index: number;
  align: 'start' | 'center' | 'end';
  offset: number;
}

/** The row that a target means, once it is loaded. */
function findPlace(target: Target, rows: readonly Row[], { hasNewer }: TimelineSnapshot): Place | null {
  if (rows.length === 0) return null;
  const end: Place = { index: rows.length - 1, align: 'end', offset: 0 };
  switch (target.kind) {
    case 'latest':
      return hasNewer ? null : end;
    case 'unread': {
      const index = rows.findIndex(({ isFirstUnread }) => isFirstUnread);
      return index === -1 ? end : { index, align: 'start', offset: -64 };
    }
    case 'message': {
      const index = findRow(rows, target.seq);
      return index === -1 ? null : { index, align: 'center', offset: 0 };
    }
  }
}
