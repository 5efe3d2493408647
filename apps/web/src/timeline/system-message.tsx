import type { TimelineMessage } from '@parley/client';
import type { SystemEvent } from '@parley/contracts';
import { useContext } from 'react';
import { PeopleContext, useName } from '../shared/people.js';
import { toFullTime, toTime } from '../shared/times.js';
import { toSentenceOf } from './describe-message.js';
import classes from './system-message.module.css';

export interface SystemMessageProps {
  message: TimelineMessage & { status: 'sent' };
  index: number;
  isHighlighted: boolean;
}

/** What happened to the conversation itself. */
export function SystemMessage({ message, index, isHighlighted }: SystemMessageProps) {
  const { data, senderId, createdAt, seq } = message;
  const actor = useName(senderId);
  return (
    <article
      className={classes.message}
      aria-label={`${actor}, ${toTime(createdAt)}`}
      tabIndex={-1}
      data-index={index}
      data-seq={seq}
      data-status="sent"
      data-highlighted={isHighlighted || undefined}
      title={toFullTime(createdAt)}
    >
      {data !== null && <Sentence event={data} senderId={senderId} actor={actor} />}
    </article>
  );
}

function Sentence({ event, senderId, actor }: { event: SystemEvent; senderId: string; actor: string }) {
  const people = useContext(PeopleContext);
  // Somebody who has left is asked for; of several at once this is the first, which is the one shown most.
  const [first = senderId] = 'userIds' in event ? event.userIds : [];
  const name = useName(first);
  const nameOf = (userId: string): string => {
    if (userId === senderId) return actor;
    return people.get(userId)?.displayName ?? (userId === first ? name : 'somebody');
  };
  return <>{toSentenceOf(event, senderId, nameOf)}</>;
}
