import { LIMITS, type UserView } from '@parley/contracts';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { client } from '../session/client.js';

export interface PeopleSearch {
  readonly people: readonly UserView[];
  readonly isSearching: boolean;
  readonly error: unknown;
}

const WAIT_MS = 200;
const NOTHING: PeopleSearch = { people: [], isSearching: false, error: null };

/** People whose name begins with what is being typed; without oneself and `except`. */
export function usePeopleSearch(text: string, except: ReadonlySet<string>): PeopleSearch {
  const query = text.trim().replace(/^@/, '').slice(0, LIMITS.searchQueryMax);
  const [asked] = useDebouncedValue(query, WAIT_MS);
  const [answer, setAnswer] = useState<{ query: string; people: readonly UserView[]; error: unknown } | null>(null);

  useEffect(() => {
    if (asked === '') return;
    let isCurrent = true;
    const show = (people: readonly UserView[], error: unknown): void => {
      if (isCurrent) setAnswer({ query: asked, people, error });
    };
    client.users.search(asked).then(
      ({ items }) => show(items, null),
      (error: unknown) => show([], error),
    );
    return () => {
      isCurrent = false;
    };
  }, [asked]);

  if (query === '') return NOTHING;
  if (answer?.query !== query) return { people: [], isSearching: true, error: null };
  return { people: answer.people.filter(({ id }) => !except.has(id)), isSearching: false, error: answer.error };
}
