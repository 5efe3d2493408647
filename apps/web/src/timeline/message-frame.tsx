import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { Avatar } from '../shared/avatar.js';
import { toClock, toFullTime, toTime } from '../shared/times.js';
import classes from './message-frame.module.css';

export interface MessageFrameProps {
  index: number;
  seq: number | null;
  status: 'sent' | 'pending' | 'failed';
  sender: { id: string; name: string };
  createdAt: string;
  startsGroup: boolean;
  isHighlighted?: boolean;
  mentionsMe?: boolean;
  /** Drawn only while somebody points at the message or is in it: a page has many messages. */
  actions?: () => ReactNode;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  children: ReactNode;
}

/** Where name, face, time, text and actions of a message stand. */
export function MessageFrame(props: MessageFrameProps) {
  const { index, seq, status, sender, createdAt, startsGroup, isHighlighted, mentionsMe, actions, children } = props;
  const [isPointedAt, setPointedAt] = useState(false);
  const [isInside, setInside] = useState(false);
  return (
    <article
      className={classes.message}
      aria-label={`${sender.name}, ${toTime(createdAt)}`}
      tabIndex={-1}
      data-index={index}
      data-seq={seq ?? undefined}
      data-status={status}
      data-group={startsGroup || undefined}
      data-highlighted={isHighlighted || undefined}
      data-mentions={mentionsMe || undefined}
      // Not `enter`: React misses it where what was under the pointer has just gone.
      onPointerOver={() => setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
      onFocus={() => setInside(true)}
      onBlur={(event) => setInside(event.currentTarget.contains(event.relatedTarget))}
      onKeyDown={props.onKeyDown}
    >
      <div className={classes.side}>
        {startsGroup ? (
          <Avatar id={sender.id} name={sender.name} />
        ) : (
          <time className={classes.sideTime} dateTime={createdAt} title={toFullTime(createdAt)}>
            {toClock(createdAt)}
          </time>
        )}
      </div>
      <div className={classes.content}>
        {startsGroup && (
          <header className={classes.header}>
            <bdi className={classes.name}>{sender.name}</bdi>
            <time className={classes.time} dateTime={createdAt} title={toFullTime(createdAt)}>
              {toTime(createdAt)}
            </time>
          </header>
        )}
        {children}
      </div>
      {actions !== undefined && (isPointedAt || isInside) && actions()}
    </article>
  );
}
