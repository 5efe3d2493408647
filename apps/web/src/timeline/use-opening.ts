import { ParleyError, type Conversation } from '@parley/client';
import type { ConversationSummary } from '@parley/contracts';
import { useCallback, useEffect, useState } from 'react';
import { client } from '../session/client.js';
import { useStore } from '../shared/use-store.js';
import type { Target } from './target.js';

const HIGHLIGHT_MS = 3_000;

export interface Opening {
  readonly target: Target;
  readonly highlighted: number | null;
  /** Up to where this person had read when they came; null when there was nothing new. */
  readonly readUpTo: number | null;
  /** There is no such conversation, or this person is not part of it. */
  readonly isMissing: boolean;
  /** To be told what a page of the history failed with. */
  readonly noticeError: (error: unknown) => void;
  readonly goTo: (seq: number) => void;
  readonly goToLatest: () => void;
}

/**
 * Where a conversation opens: at the message that the address names, at the first new one, or at the end. What
 * was new stays marked until the person writes or goes, though it counts as read when it was seen.
 */
export function useOpening(
  conversation: Conversation,
  summary: ConversationSummary | null,
  seq: number | null,
): Opening {
  const [readUpTo, setReadUpTo] = useState(() => toReadUpTo(summary));
  const [isKnown, setKnown] = useState(summary !== null);
  const [address, setAddress] = useState(seq);
  const [target, setTarget] = useState(() => toTarget(summary, seq));
  const [highlighted, setHighlighted] = useState(seq);
  const { isMissing, noticeError } = useIsMissing(conversation, summary);

  // The address leads to another message of the same conversation.
  if (address !== seq) {
    setAddress(seq);
    if (seq !== null) {
      setTarget({ kind: 'message', seq });
      setHighlighted(seq);
    }
  }
  // What is new is known only when the server has told.
  if (!isKnown && summary !== null) {
    setKnown(true);
    setReadUpTo(toReadUpTo(summary));
    setTarget(toTarget(summary, seq));
  }

  useEffect(() => {
    if (highlighted === null) return;
    const timer = setTimeout(() => setHighlighted(null), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
  }, [highlighted]);

  // Whoever looks away finds marked what came meanwhile.
  useEffect(() => {
    const follow = (): void => {
      const now = conversation.summary.getSnapshot();
      if (document.visibilityState === 'hidden') setReadUpTo((before) => before ?? now?.readSeq ?? null);
      else if (now?.unread === 0) setReadUpTo(null);
    };
    document.addEventListener('visibilitychange', follow);
    return () => document.removeEventListener('visibilitychange', follow);
  }, [conversation]);

  const goTo = useCallback((to: number): void => {
    setTarget({ kind: 'message', seq: to });
    setHighlighted(to);
  }, []);
  const goToLatest = useCallback((): void => {
    setReadUpTo(null);
    setTarget({ kind: 'latest' });
  }, []);
  return { target, highlighted, readUpTo, isMissing, noticeError, goTo, goToLatest };
}

function toReadUpTo(summary: ConversationSummary | null): number | null {
  return summary !== null && summary.unread > 0 ? summary.readSeq : null;
}

function toTarget(summary: ConversationSummary | null, seq: number | null): Target {
  if (seq !== null) return { kind: 'message', seq };
  if (summary === null || summary.unread === 0) return { kind: 'latest' };
  return { kind: 'unread', after: summary.readSeq, count: summary.unread };
}

/** A conversation that the list does not have (any more) is asked for. */
function useIsMissing(
  conversation: Conversation,
  summary: ConversationSummary | null,
): Pick<Opening, 'isMissing' | 'noticeError'> {
  const { isLoaded } = useStore(client.conversations);
  const { state } = useStore(client.connection);
  const [isGone, setGone] = useState(false);
  const isUnknown = summary === null && isLoaded && state === 'online';
  const noticeError = useCallback((error: unknown): void => {
    if (error instanceof ParleyError && GONE.has(error.code)) setGone(true);
  }, []);
  useEffect(() => {
    // Where the timeline has asked already, this does nothing, and the timeline is told.
    if (isUnknown) conversation.loadOlder().catch(noticeError);
  }, [conversation, isUnknown, noticeError]);
  return { isMissing: isGone && summary === null, noticeError };
}

/** An address that is no id is none of a conversation either. */
const GONE: ReadonlySet<ParleyError['code']> = new Set(['conversation_not_found', 'validation_failed']);
