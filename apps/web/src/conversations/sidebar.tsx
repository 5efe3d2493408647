import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ProfileView } from '@parley/contracts';
import { PlusIcon, SearchIcon } from '@primer/octicons-react';
import { lazy, useState } from 'react';
import { Lazily } from '../shared/lazily.js';
import { AccountMenu } from './account-menu.js';
import { ConversationListView } from './conversation-list.js';
import { PeopleFound } from './people-found.js';
import classes from './sidebar.module.css';

const NewConversation = lazy(async () => ({ default: (await import('./new-conversation.js')).NewConversation }));

export interface SidebarProps {
  me: ProfileView | null;
  openId: string | null;
}

/** Everything one can go to. */
export function Sidebar({ me, openId }: SidebarProps) {
  const [query, setQuery] = useState('');
  const [isCreating, creating] = useDisclosure(false);
  return (
    <nav className={classes.sidebar} aria-label="Conversations">
      <div className={classes.header}>
        <AccountMenu me={me} />
        <Tooltip label="New conversation">
          <ActionIcon
            size="lg"
            variant="default"
            aria-label="New conversation"
            disabled={me === null}
            onClick={creating.open}
            data-shortcut="new"
          >
            <PlusIcon />
          </ActionIcon>
        </Tooltip>
      </div>
      <TextInput
        className={classes.search}
        type="search"
        aria-label="Search"
        placeholder="Conversations and people"
        leftSection={<SearchIcon />}
        autoComplete="off"
        data-shortcut="search"
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setQuery('');
        }}
      />
      <div className={classes.scroller} data-scroller>
        <ConversationListView me={me} openId={openId} query={query} onCreate={creating.open} />
        {me !== null && query.trim() !== '' && <PeopleFound ownId={me.id} query={query} onOpen={() => setQuery('')} />}
      </div>
      {me !== null && (
        <Lazily when={isCreating}>
          {(isOpen) => <NewConversation ownId={me.id} isOpen={isOpen} onClose={creating.close} />}
        </Lazily>
      )}
    </nav>
  );
}
