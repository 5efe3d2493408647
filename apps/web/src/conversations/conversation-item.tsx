import { Badge, VisuallyHidden } from '@mantine/core';
import type { ConversationSummary, PresenceState } from '@parley/contracts';
import { ArchiveIcon, BellSlashIcon, PinIcon } from '@primer/octicons-react';
import { memo } from 'react';
import { Link } from 'wouter';
import { readDraft } from '../composer/drafts.js';
import { Avatar } from '../shared/avatar.js';
import { toConversationPath } from '../shared/paths.js';
import { toFullTime, toShortTime } from '../shared/times.js';
import classes from './conversation-item.module.css';
import { isMuted, toBadge, toPartner, toTitle } from './describe.js';
import { LastMessage } from './last-message.js';

export interface ConversationItemProps {
  summary: ConversationSummary;
  ownId: string;
  isOpen: boolean;
  presence: PresenceState | null;
}

/** One line of the list. Drawn anew only when something of its own has changed. */
export const ConversationItem = memo(function ConversationItem({
  summary,
  ownId,
  isOpen,
  presence,
}: ConversationItemProps) {
  const { conversation, lastMessage, lastActivityAt, settings } = summary;
  const title = toTitle(conversation, ownId);
  const muted = isMuted(summary);
  const draft = isOpen ? '' : readDraft(ownId, conversation.id).replace(/\s+/g, ' ').trim();
  return (
    <li>
      <Link
        href={toConversationPath(conversation.id)}
        className={classes.item}
        aria-current={isOpen ? 'page' : undefined}
        data-conversation={conversation.id}
      >
        <span className={classes.text}>
          <span className={classes.line}>
            <bdi className={classes.title} data-unread={summary.unread > 0 || undefined}>
              {title}
            </bdi>
            <time className={classes.time} dateTime={lastActivityAt} title={toFullTime(lastActivityAt)}>
              {toShortTime(lastActivityAt)}
            </time>
          </span>
          <span className={classes.line}>
            <span className={classes.last} dir="auto">
              {draft === '' ? (
                <LastMessage message={lastMessage} conversation={conversation} ownId={ownId} />
              ) : (
                <>
                  <span className={classes.draft}>Draft:</span> {draft}
                </>
              )}
            </span>
            <span className={classes.marks}>
              {settings.archived && <ArchiveIcon size={12} aria-label="Archived" />}
              {settings.pinned && <PinIcon size={12} aria-label="Pinned" />}
              {muted && <BellSlashIcon size={12} aria-label="Muted" />}
              {summary.mentions > 0 && (
                <Badge size="sm" color="red" className={classes.badge}>
                  <span aria-hidden>@</span>
                  <VisuallyHidden>
                    {summary.mentions === 1 ? '1 mention' : `${summary.mentions} mentions`}
                  </VisuallyHidden>
                </Badge>
              )}
              {summary.unread > 0 && (
                <Badge size="sm" className={classes.badge} data-quiet={muted || undefined}>
                  {toBadge(summary.unread)}
                  <VisuallyHidden> unread</VisuallyHidden>
                </Badge>
              )}
            </span>
          </span>
        </span>
        {/* After the text, so that the name of the link begins with the title. */}
        <Avatar
          id={toPartner(conversation, ownId)?.userId ?? conversation.id}
          name={title}
          isGroup={conversation.kind === 'group'}
          presence={presence}
        />
      </Link>
    </li>
  );
});
