import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { client } from '../session/client.js';
import { Avatar } from '../shared/avatar.js';
import { showError, toSentence } from '../shared/errors.js';
import { toConversationPath } from '../shared/paths.js';
import { usePeopleSearch } from '../shared/use-people-search.js';
import classes from './sidebar.module.css';

export interface PeopleFoundProps {
  ownId: string;
  query: string;
  onOpen: () => void;
}

/** People whom the search finds; one click opens the conversation with them. */
export function PeopleFound({ ownId, query, onOpen }: PeopleFoundProps) {
  const [, navigate] = useLocation();
  const except = useMemo(() => new Set([ownId]), [ownId]);
  const { people, isSearching, error } = usePeopleSearch(query, except);

  const open = async (userId: string): Promise<void> => {
    try {
      const { id } = await client.conversations.createDirect(userId);
      onOpen();
      navigate(toConversationPath(id));
    } catch (failure) {
      showError(failure);
    }
  };

  return (
    <section aria-label="People">
      <h2 className={classes.heading}>People</h2>
      <ul className={classes.list}>
        {people.map(({ id, displayName, username }) => (
          <li key={id}>
            <button type="button" className={classes.person} onClick={() => void open(id)}>
              <Avatar id={id} name={displayName} size="sm" />
              <span className={classes.names}>
                <bdi>{displayName}</bdi>
              </span>
              <span className={classes.names}>@{username}</span>
            </button>
          </li>
        ))}
      </ul>
      {people.length === 0 && (
        <p className={classes.note} role="status">
          {error !== null ? toSentence(error) : isSearching ? 'Searching…' : 'Nobody is called that.'}
        </p>
      )}
    </section>
  );
}
