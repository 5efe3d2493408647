import { memo } from 'react';
import { toDay } from '../shared/times.js';
import { HistoryStart } from './history-start.js';
import classes from './message-row.module.css';
import type { Row } from './rows.js';
import { SentMessage } from './sent-message.js';
import { SystemMessage } from './system-message.js';
import { UnsentMessage } from './unsent-message.js';

export interface MessageRowProps {
  row: Row;
  index: number;
  isHighlighted: boolean;
}

/** A message, and what separates it from the one before. */
export const MessageRow = memo(function MessageRow({ row, index, isHighlighted }: MessageRowProps) {
  const { message, startsDay, startsGroup, isFirstUnread, startsHistory } = row;
  return (
    <div className={classes.row} data-group={startsGroup || undefined}>
      {startsHistory && <HistoryStart />}
      {startsDay && (
        <div role="separator" className={classes.separator} aria-label={toDay(message.createdAt)}>
          <span>{toDay(message.createdAt)}</span>
        </div>
      )}
      {isFirstUnread && (
        <div role="separator" className={classes.separator} data-new aria-label="New messages">
          <span>New messages</span>
        </div>
      )}
      {message.status !== 'sent' ? (
        <UnsentMessage message={message} index={index} startsGroup={startsGroup} />
      ) : message.kind === 'system' ? (
        <SystemMessage message={message} index={index} isHighlighted={isHighlighted} />
      ) : (
        <SentMessage message={message} index={index} startsGroup={startsGroup} isHighlighted={isHighlighted} />
      )}
    </div>
  );
});
