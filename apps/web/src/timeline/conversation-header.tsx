import { ActionIcon, Skeleton, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Conversation } from '@parley/client';
import type { ConversationSummary, PresenceView, ProfileView } from '@parley/contracts';
import { ArrowLeftIcon, BellSlashIcon, InfoIcon } from '@primer/octicons-react';
import { lazy } from 'react';
import { Link } from 'wouter';
import { isMuted, toPartner, toTitle } from '../conversations/describe.js';
import { Avatar } from '../shared/avatar.js';
import { Lazily } from '../shared/lazily.js';
import { toShortTime } from '../shared/times.js';
import { usePresence } from '../shared/use-presence.js';
import classes from './conversation-header.module.css';

const Details = lazy(async () => ({ default: (await import('../members/details.js')).Details }));

export interface ConversationHeaderProps {
  conversation: Conversation;
  summary: ConversationSummary | null;
  me: ProfileView;
}

/** Who the conversation is with, and the way to everything about it. */
export function ConversationHeader({ conversation, summary, me }: ConversationHeaderProps) {
  const [isOpen, details] = useDisclosure(false);
  return (
    <header className={classes.header}>
      <ActionIcon
        component={Link}
        href="/"
        variant="subtle"
        color="gray"
        size="lg"
        className={classes.back}
        aria-label="Back to conversations"
      >
        <ArrowLeftIcon />
      </ActionIcon>
      {summary === null ? <Skeleton height={16} width={160} /> : <Heading summary={summary} me={me} />}
      <Tooltip label="Details">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Details"
          disabled={summary === null}
          onClick={details.open}
        >
          <InfoIcon />
        </ActionIcon>
      </Tooltip>
      {summary !== null && (
        <Lazily when={isOpen}>
          {(opened) => (
            <Details conversation={conversation} summary={summary} me={me} isOpen={opened} onClose={details.close} />
          )}
        </Lazily>
      )}
    </header>
  );
}

function Heading({ summary, me }: { summary: ConversationSummary; me: ProfileView }) {
  const { conversation } = summary;
  const title = toTitle(conversation, me.id);
  const partner = toPartner(conversation, me.id);
  const presence = usePresence(partner === null ? [] : [partner.userId]).get(partner?.userId ?? '') ?? null;
  return (
    <>
      <Avatar
        id={partner?.userId ?? conversation.id}
        name={title}
        isGroup={conversation.kind === 'group'}
        presence={presence?.state ?? null}
      />
      <div className={classes.titles}>
        <h1 className={classes.title}>
          <bdi>{title}</bdi>
          {isMuted(summary) && <BellSlashIcon size={12} aria-label="Muted" className={classes.muted} />}
        </h1>
        <p className={classes.subtitle}>
          {partner === null ? toCount(conversation.memberCount) : toPresenceText(presence, partner.username)}
        </p>
      </div>
    </>
  );
}

function toCount(members: number): string {
  return members === 1 ? '1 member' : `${members} members`;
}

function toPresenceText(presence: PresenceView | null, username: string): string {
  if (presence?.state === 'active') return 'Online';
  if (presence?.state === 'away') return 'Away';
  return presence === null || presence.lastSeenAt === null
    ? `@${username}`
    : `Last seen ${toShortTime(presence.lastSeenAt)}`;
}
