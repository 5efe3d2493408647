import type { TimelineMessage } from '@parley/client';
import type { MessageView } from '@parley/contracts';
import type { KeyboardEvent } from 'react';
import { useName } from '../shared/people.js';
import { toFullTime } from '../shared/times.js';
import { DeliveryMark } from './delivery-mark.js';
import { MessageActions } from './message-actions.js';
import { MessageBody } from './message-body.js';
import { MessageFrame } from './message-frame.js';
import { mayDelete, mayEdit } from './permissions.js';
import { Quote } from './quote.js';
import { Reactions } from './reactions.js';
import classes from './sent-message.module.css';
import { useTimeline } from './timeline-context.js';

export interface SentMessageProps {
  message: TimelineMessage & { status: 'sent' };
  index: number;
  startsGroup: boolean;
  isHighlighted: boolean;
}

/** A message that the server has. */
export function SentMessage({ message, index, startsGroup, isHighlighted }: SentMessageProps) {
  const timeline = useTimeline();
  const { ownId } = timeline;
  const name = useName(message.senderId);
  const isDeleted = message.deletedAt !== null;
  const isOwn = message.senderId === ownId;
  return (
    <MessageFrame
      index={index}
      seq={message.seq}
      status="sent"
      sender={{ id: message.senderId, name }}
      createdAt={message.createdAt}
      startsGroup={startsGroup}
      isHighlighted={isHighlighted}
      mentionsMe={!isOwn && !isDeleted && (message.mentionsAll || message.mentions.includes(ownId))}
      {...(!isDeleted && { actions: () => <MessageActions message={message} /> })}
      onKeyDown={(event) => handleKey(event, message, timeline)}
    >
      {message.replyTo !== null && !isDeleted && <Quote seq={message.replyTo} />}
      <div className={classes.line}>
        {isDeleted ? (
          <p className={classes.deleted}>Message deleted</p>
        ) : (
          <MessageBody text={message.body ?? ''} mentions={message.mentions} mentionsAll={message.mentionsAll} />
        )}
        {message.editedAt !== null && !isDeleted && (
          <span className={classes.edited} title={toFullTime(message.editedAt)}>
            (edited)
          </span>
        )}
        {isOwn && !isDeleted && <DeliveryMark seq={message.seq} />}
      </div>
      {message.reactions.length > 0 && <Reactions message={message} />}
    </MessageFrame>
  );
}

/** One key does what the buttons do, when the message itself has the focus. */
function handleKey(
  event: KeyboardEvent<HTMLElement>,
  message: MessageView,
  timeline: ReturnType<typeof useTimeline>,
): void {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.target !== event.currentTarget || message.deletedAt !== null || !isPlain) return;
  if (event.key === 'r') timeline.reply(message);
  else if (event.key === 'e' && mayEdit(message, timeline.ownId)) timeline.edit(message);
  else if (event.key === 'Delete' && mayDelete(message, timeline)) timeline.askToDelete(message);
  else return;
  event.preventDefault();
}
