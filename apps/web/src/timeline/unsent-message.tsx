import { Button, Group } from '@mantine/core';
import type { TimelineMessage } from '@parley/client';
import { toSentence } from '../shared/errors.js';
import { useName } from '../shared/people.js';
import { MarkIcon } from './delivery-mark.js';
import { MessageBody } from './message-body.js';
import { MessageFrame } from './message-frame.js';
import { Quote } from './quote.js';
import classes from './unsent-message.module.css';
import { useTimeline } from './timeline-context.js';

export interface UnsentMessageProps {
  message: Exclude<TimelineMessage, { status: 'sent' }>;
  index: number;
  startsGroup: boolean;
}

/** One's own message that the server does not have yet, or does not want. */
export function UnsentMessage({ message, index, startsGroup }: UnsentMessageProps) {
  const { conversation, ownId } = useTimeline();
  const name = useName(ownId);
  const { clientId, status, body, error, replyTo } = message;
  return (
    <MessageFrame
      index={index}
      seq={null}
      status={status}
      sender={{ id: ownId, name }}
      createdAt={message.createdAt}
      startsGroup={startsGroup}
    >
      {replyTo !== null && <Quote seq={replyTo} />}
      <div className={classes.line} data-status={status}>
        <MessageBody text={body} />
        <MarkIcon state={status} />
      </div>
      {status === 'failed' && (
        <Group gap="xs" className={classes.failure}>
          <span>Not sent. {toSentence(error)}</span>
          <Button size="compact-xs" variant="default" onClick={() => conversation.retry(clientId)}>
            Retry
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => conversation.discard(clientId)}>
            Discard
          </Button>
        </Group>
      )}
    </MessageFrame>
  );
}
