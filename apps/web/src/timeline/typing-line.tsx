import type { Store } from '@parley/client';
import { useContext } from 'react';
import { PeopleContext } from '../shared/people.js';
import { useStore } from '../shared/use-store.js';
import classes from './typing-line.module.css';

const NAMES_MAX = 2;

/** Who is typing. It has its place also when nobody is, so that nothing jumps. */
export function TypingLine({ typing, ownId }: { typing: Store<readonly string[]>; ownId: string }) {
  const people = useContext(PeopleContext);
  const names = useStore(typing)
    .filter((id) => id !== ownId)
    .map((id) => people.get(id)?.displayName ?? 'Somebody');
  return (
    <div className={classes.line} data-testid="typing">
      {names.length > 0 && (
        <>
          <span className={classes.dots} aria-hidden>
            <span />
            <span />
            <span />
          </span>
          <span className={classes.text}>{toSentence(names)}</span>
        </>
      )}
    </div>
  );
}

function toSentence(names: readonly string[]): string {
  if (names.length > NAMES_MAX) return 'Several people are typing…';
  return names.length === 1 ? `${names[0] ?? ''} is typing…` : `${names.join(' and ')} are typing…`;
}
