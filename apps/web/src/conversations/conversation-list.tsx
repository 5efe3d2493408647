import { Button } from '@mantine/core';
import type { ConversationSummary, PresenceView, ProfileView } from '@parley/contracts';
import { ArchiveIcon, ChevronDownIcon, ChevronRightIcon } from '@primer/octicons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { FirstSteps } from '../app/first-steps.js';
import { client } from '../session/client.js';
import { showError } from '../shared/errors.js';
import { useSubmit } from '../shared/use-submit.js';
import { useStore } from '../shared/use-store.js';
import { usePresence } from '../shared/use-presence.js';
import { arrange } from './arrange.js';
import { ConversationItem } from './conversation-item.js';
import { ConversationSkeletons } from './conversation-skeletons.js';
import { toPartner } from './describe.js';
import classes from './sidebar.module.css';

export interface ConversationListViewProps {
  me: ProfileView | null;
  openId: string | null;
  query: string;
  onCreate: () => void;
}

const NOBODY: ReadonlyMap<string, PresenceView> = new Map();

/** The conversations: the pinned ones, the others by activity, and, folded away, the archived ones. */
export function ConversationListView({ me, openId, query, onCreate }: ConversationListViewProps) {
  // In a storm of messages the list may lag behind by a frame: what is being typed may not.
  const { items, hasMore, isLoaded } = useDeferredValue(useStore(client.conversations));
  const [showsArchived, setShowsArchived] = useState(false);
  if (!isLoaded || me === null) return <ConversationSkeletons />;

  const { shown, archived } = arrange(items, me.id, query);
  const isSearching = query.trim() !== '';
  const lines = { ownId: me.id, openId };
  return (
    <>
      <ConversationLines {...lines} items={shown} label="Conversations" />
      {items.length === 0 && !isSearching && (
        <>
          <div className={classes.note}>
            <p>No conversations yet.</p>
            <Button variant="light" size="xs" onClick={onCreate}>
              Start one
            </Button>
          </div>
          {/* Where there is no second pane to say it. */}
          <div className={classes.narrow}>
            <FirstSteps />
          </div>
        </>
      )}
      {isSearching && shown.length + archived.length === 0 && (
        <p className={classes.note}>No conversation is called that.</p>
      )}
      {archived.length > 0 && (
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={showsArchived || isSearching}
          onClick={() => setShowsArchived(!showsArchived)}
        >
          {showsArchived || isSearching ? <ChevronDownIcon /> : <ChevronRightIcon />}
          <ArchiveIcon /> Archived ({archived.length})
        </button>
      )}
      {(showsArchived || isSearching) && archived.length > 0 && (
        <ConversationLines {...lines} items={archived} label="Archived conversations" />
      )}
      {hasMore && <MoreConversations />}
    </>
  );
}

interface ConversationLinesProps {
  items: readonly ConversationSummary[];
  ownId: string;
  openId: string | null;
  label: string;
}

function ConversationLines({ items, ownId, openId, label }: ConversationLinesProps) {
  const partners = useMemo(
    () => items.flatMap(({ conversation }) => toPartner(conversation, ownId)?.userId ?? []),
    [items, ownId],
  );
  const presences = usePresence(partners);
  return (
    <ul className={classes.list} aria-label={label}>
      {items.map((summary) => (
        <ConversationItem
          key={summary.conversation.id}
          summary={summary}
          ownId={ownId}
          isOpen={summary.conversation.id === openId}
          presence={toPresence(summary, ownId, presences)}
        />
      ))}
    </ul>
  );
}

function toPresence({ conversation }: ConversationSummary, ownId: string, presences = NOBODY) {
  const partner = toPartner(conversation, ownId);
  return partner === null ? null : (presences.get(partner.userId)?.state ?? null);
}

function MoreConversations() {
  const { run, isRunning } = useSubmit();
  return (
    <div className={classes.note}>
      <Button
        variant="subtle"
        size="xs"
        loading={isRunning}
        onClick={() => void run(() => client.conversations.loadMore().catch(showError))}
      >
        Show more
      </Button>
    </div>
  );
}
