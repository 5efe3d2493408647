import { Button, Loader } from '@mantine/core';
import { ArrowDownIcon } from '@primer/octicons-react';
import { memo, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { TimelineSnapshot } from '@parley/client';
import { toBadge } from '../conversations/describe.js';
import { toSentence } from '../shared/errors.js';
import { EmptyTimeline } from './empty-timeline.js';
import classes from './message-list.module.css';
import { MessageRow } from './message-row.js';
import { compareRows, toRows, toSeq, type Row } from './rows.js';
import type { Target } from './target.js';
import { useTimeline } from './timeline-context.js';
import { TimelineSkeletons } from './timeline-skeletons.js';
import { useRovingFocus } from './use-roving-focus.js';
import { useTimelineScroll } from './use-timeline-scroll.js';

export interface MessageListProps {
  timeline: TimelineSnapshot;
  readUpTo: number | null;
  unread: number;
  target: Target;
  highlighted: number | null;
  onError: (error: unknown) => void;
  onJumpToLatest: () => void;
}

/** The messages. Only those in sight are in the page. */
export const MessageList = memo(function MessageList(props: MessageListProps) {
  const { timeline, readUpTo, unread, target, highlighted, onError, onJumpToLatest } = props;
  const { conversation, ownId } = useTimeline();
  const { messages, hasOlder, isLoading } = timeline;
  const rows = useMemo(() => toRows({ messages, hasOlder, ownId, readUpTo }), [messages, hasOlder, ownId, readUpTo]);
  const { isPrepended, generation } = useChangeOf(rows);
  const handle = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const scroll = useTimelineScroll({ conversation, timeline, rows, generation, target, handle, scroller, onError });
  const { focused, onKeyDown, onFocus } = useRovingFocus(rows.length, handle, scroller);

  return (
    <div className={classes.frame}>
      {isLoading && rows.length > 0 && <Loader size="sm" className={classes.loading} aria-label="Loading messages" />}
      {scroll.error !== null && <LoadFailure error={scroll.error} onRetry={scroll.retry} />}
      <div
        ref={scroller}
        className={classes.scroller}
        role="log"
        aria-label="Messages"
        // New messages are announced by themselves; older ones that are loaded are not news.
        aria-live="off"
        aria-busy={isLoading}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        <div className={classes.spacer} />
        {rows.length === 0 &&
          (isLoading || hasOlder ? scroll.error === null && <TimelineSkeletons /> : <EmptyTimeline />)}
        <Virtualizer
          key={generation}
          ref={handle}
          scrollRef={scroller}
          data={rows}
          shift={isPrepended}
          bufferSize={400}
          keepMounted={focused === null || focused >= rows.length ? NONE : [focused]}
          onScroll={scroll.onScroll}
        >
          {(row, index) => (
            <MessageRow
              key={row.key}
              row={row}
              index={index}
              isHighlighted={highlighted !== null && toSeq(row.message) === highlighted}
            />
          )}
        </Virtualizer>
      </div>
      {scroll.isAway && (
        <Button
          className={classes.jump}
          size="compact-sm"
          radius="xl"
          leftSection={<ArrowDownIcon />}
          onClick={onJumpToLatest}
        >
          {unread > 0 ? `Jump to latest · ${toBadge(unread)} new` : 'Jump to latest'}
        </Button>
      )}
    </div>
  );
});

const NONE: readonly number[] = [];

/** What became of the rows with their last change: the list has to know it in the same drawing. */
function useChangeOf(rows: readonly Row[]): { isPrepended: boolean; generation: number } {
  const [seen, setSeen] = useState({ rows, isPrepended: false, generation: 0 });
  if (seen.rows === rows) return seen;
  const change = compareRows(seen.rows, rows);
  const next = {
    rows,
    isPrepended: change === 'prepended',
    generation: change === 'replaced' && seen.rows.length > 0 ? seen.generation + 1 : seen.generation,
  };
  setSeen(next);
  return next;
}

function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className={classes.failure} role="alert">
      <span>{toSentence(error)}</span>
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
