import type { TimelineMessage } from '@parley/client';
import type { MessageView } from '@parley/contracts';
import { ReplyIcon } from '@primer/octicons-react';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useName } from '../shared/people.js';
import { toMessagePath } from '../shared/paths.js';
import { toLine } from './describe-message.js';
import classes from './quote.module.css';
import { useTimeline } from './timeline-context.js';

/** What a message answers; leads there. */
export function Quote({ seq }: { seq: number }) {
  const { ownId } = useTimeline();
  const message = useMessage(seq);
  const name = useName(message?.senderId ?? ownId);
  if (message === null) return <QuoteLink seq={seq}>In reply to a message</QuoteLink>;
  const line = toLine(message, () => name);
  return (
    <QuoteLink seq={seq} label={`In reply to ${name}: ${line}`}>
      <bdi className={classes.name}>{name}</bdi>
      <span>:</span>
      <span className={classes.text} dir="auto">
        {line}
      </span>
    </QuoteLink>
  );
}

function QuoteLink({ seq, label, children }: { seq: number; label?: string; children: ReactNode }) {
  const { conversation, goTo } = useTimeline();
  return (
    <a
      className={classes.quote}
      href={toMessagePath(conversation.id, seq)}
      aria-label={label}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        goTo(seq);
      }}
    >
      <ReplyIcon size={12} className={classes.icon} />
      {children}
    </a>
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
