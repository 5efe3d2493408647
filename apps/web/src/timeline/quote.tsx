import type { TimelineMessage } from '@parley/client';
import type { MessageView } from '@parley/contracts';
import { ReplyIcon } from '@primer/octicons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useName } from '../shared/people.js';
import { toMessagePath } from '../shared/paths.js';
import { toLine } from './describe-message.js';
import classes from './quote.module.css';
import { useTimeline } from './timeline-context.js';

/** What a message answers; leads there. */
export function Quote({ seq }: { seq: number }) {
  const { conversation, goTo } = useTimeline();
  const message = useMessage(seq);
  return (
    <a
      className={classes.quote}
      href={toMessagePath(conversation.id, seq)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        goTo(seq);
      }}
    >
      <ReplyIcon size={12} className={classes.icon} />
      {message === null ? <span>In reply to a message</span> : <QuotedLine message={message} />}
    </a>
  );
}

function QuotedLine({ message }: { message: MessageView }) {
  const name = useName(message.senderId);
  return (
    <>
      <span className={classes.hidden}>In reply to </span>
      <bdi className={classes.name}>{name}</bdi>
      <span className={classes.hidden}>: </span>
      <span className={classes.text} dir="auto">
        {toLine(message, () => name)}
      </span>
    </>
  );
}

/** A message as it is in the timeline; one that is not there is asked for. */
function useMessage(seq: number): MessageView | null {
  const { conversation } = useTimeline();
  const { timeline } = conversation;
  const loaded = useSyncExternalStore(timeline.subscribe, () => findMessage(timeline.getSnapshot().messages, seq));
  const [asked, setAsked] = useState<MessageView | null>(null);
  const isMissing = loaded === null;
  useEffect(() => {
    if (!isMissing) return;
    let isCurrent = true;
    conversation.getMessage(seq).then(
      (message) => {
        if (isCurrent) setAsked(message);
      },
      // It stays a quote without a text; the link still leads there.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [conversation, seq, isMissing]);
  return loaded ?? asked;
}

function findMessage(messages: readonly TimelineMessage[], seq: number): MessageView | null {
  const found = messages.find((message) => message.status === 'sent' && message.seq === seq);
  return found?.status === 'sent' ? found : null;
}
