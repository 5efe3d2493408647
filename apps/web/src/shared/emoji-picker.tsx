import { TextInput } from '@mantine/core';
import { SearchIcon } from '@primer/octicons-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import groups from 'unicode-emoji-json/data-by-group.json';
import classes from './emoji-picker.module.css';

interface Emoji {
  emoji: string;
  name: string;
}

export interface EmojiPickerProps {
  quick: readonly string[];
  onPick: (emoji: string) => void;
}

/** The face of each group, in the order of Unicode's. */
const FACES = ['😀', '👋', '🐶', '🍎', '🚗', '⚽', '💡', '🔣', '🏁'];
const FOUND_MAX = 120;

const ALL: readonly Emoji[] = groups.flatMap(({ emojis }) => emojis);
const NAMES: ReadonlyMap<string, string> = new Map(ALL.map(({ emoji, name }) => [emoji, name]));

/** All emoji, by group and by name. */
export function EmojiPicker({ quick, onPick }: EmojiPickerProps) {
  const [query, setQuery] = useState('');
  const [group, setGroup] = useState(0);
  const search = useRef<HTMLInputElement>(null);
  const asked = useDeferredValue(query.trim().toLowerCase());
  const shown = useMemo(() => (asked === '' ? (groups[group]?.emojis ?? []) : find(asked)), [asked, group]);
  // The picker may come after the dialog around it has looked for what to focus.
  useEffect(() => search.current?.focus({ preventScroll: true }), []);
  return (
    <div className={classes.picker}>
      {quick.length > 0 && (
        <EmojiGrid emojis={quick.map((emoji) => ({ emoji, name: NAMES.get(emoji) ?? emoji }))} onPick={onPick} />
      )}
      <TextInput
        type="search"
        size="xs"
        aria-label="Search emoji"
        placeholder="Search emoji"
        leftSection={<SearchIcon size={12} />}
        ref={search}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <div className={classes.groups} role="group" aria-label="Groups of emoji">
        {groups.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            className={classes.emoji}
            aria-label={name}
            aria-pressed={asked === '' && index === group}
            title={name}
            onClick={() => {
              setQuery('');
              setGroup(index);
            }}
          >
            {FACES[index]}
          </button>
        ))}
      </div>
      <div className={classes.scroller} tabIndex={-1}>
        {shown.length === 0 ? (
          <p className={classes.nothing}>No emoji is called that.</p>
        ) : (
          <EmojiGrid emojis={shown} onPick={onPick} />
        )}
      </div>
    </div>
  );
}

function EmojiGrid({ emojis, onPick }: { emojis: readonly Emoji[]; onPick: (emoji: string) => void }) {
  return (
    <div className={classes.grid}>
      {emojis.map(({ emoji, name }) => (
        <button
          key={emoji}
          type="button"
          className={classes.emoji}
          aria-label={name}
          title={name}
          onClick={() => onPick(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

function find(query: string): readonly Emoji[] {
  const words = query.split(/\s+/);
  const found = ALL.filter(({ name, emoji }) => emoji === query || words.every((word) => name.includes(word)));
  // Those that begin with it come first.
  const rank = ({ name }: Emoji): number => Number(!name.startsWith(query));
  return [...found].sort((a, b) => rank(a) - rank(b)).slice(0, FOUND_MAX);
}
