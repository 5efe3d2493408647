import { Checkbox, Loader, Pill, Text, TextInput } from '@mantine/core';
import type { UserView } from '@parley/contracts';
import { SearchIcon } from '@primer/octicons-react';
import { useMemo, useState } from 'react';
import { Avatar } from './avatar.js';
import { toSentence } from './errors.js';
import classes from './people-picker.module.css';
import { usePeopleSearch } from './use-people-search.js';

export interface PeoplePickerProps {
  /** Who cannot be chosen: oneself, and who is there already. */
  except: ReadonlySet<string>;
  /** Several people are ticked; one is chosen at once. */
  chosen: readonly UserView[] | null;
  onChoose: (person: UserView) => void;
  disabled?: boolean;
}

/** Finds people by their names. */
export function PeoplePicker({ except, chosen, onChoose, disabled = false }: PeoplePickerProps) {
  const [text, setText] = useState('');
  const { people, isSearching, error } = usePeopleSearch(text, except);
  const ids = useMemo(() => new Set(chosen?.map(({ id }) => id)), [chosen]);
  return (
    <div className={classes.root}>
      {chosen !== null && chosen.length > 0 && (
        <Pill.Group>
          {chosen.map((person) => (
            <Pill
              key={person.id}
              withRemoveButton
              removeButtonProps={{ 'aria-label': `Remove ${person.displayName}`, 'aria-hidden': false, tabIndex: 0 }}
              onRemove={() => onChoose(person)}
            >
              {person.displayName}
            </Pill>
          ))}
        </Pill.Group>
      )}
      <TextInput
        label="Search people"
        placeholder="Name or username"
        data-autofocus
        autoComplete="off"
        leftSection={<SearchIcon />}
        rightSection={isSearching ? <Loader size="xs" aria-label="Searching" /> : null}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul className={classes.list} aria-label="People">
        {people.map((person) => (
          <li key={person.id}>
            {chosen === null ? (
              <button type="button" className={classes.person} disabled={disabled} onClick={() => onChoose(person)}>
                <PersonLine person={person} />
              </button>
            ) : (
              <label className={classes.person}>
                <PersonLine person={person} />
                <Checkbox
                  aria-label={person.displayName}
                  checked={ids.has(person.id)}
                  disabled={disabled}
                  onChange={() => onChoose(person)}
                />
              </label>
            )}
          </li>
        ))}
      </ul>
      <Text size="sm" c="dimmed" role="status" className={classes.hint}>
        {toHint(text, people.length, isSearching, error)}
      </Text>
    </div>
  );
}

function PersonLine({ person }: { person: UserView }) {
  return (
    <>
      <Avatar id={person.id} name={person.displayName} />
      <span className={classes.names}>
        <bdi className={classes.name}>{person.displayName}</bdi>
        <span className={classes.username}>@{person.username}</span>
      </span>
    </>
  );
}

function toHint(text: string, found: number, isSearching: boolean, error: unknown): string {
  if (error !== null) return toSentence(error);
  if (text.trim() === '') return 'Type the beginning of a name.';
  return isSearching || found > 0 ? '' : 'Nobody is called that.';
}
