import type { PresenceState } from '@parley/contracts';
import { PeopleIcon } from '@primer/octicons-react';
import classes from './avatar.module.css';

export interface AvatarProps {
  /** What decides the colour: the same for the same person everywhere. */
  id: string;
  name: string;
  size?: 'sm' | 'md' | 'lg';
  isGroup?: boolean;
  presence?: PresenceState | null;
}

const HUES = 8;
const PRESENCE: Record<PresenceState, string> = { active: 'Online', away: 'Away', offline: 'Offline' };

/** Somebody's initials on a colour of their own, with a dot that says whether they are there. */
export function Avatar({ id, name, size = 'md', isGroup = false, presence = null }: AvatarProps) {
  return (
    <span className={classes.root} data-size={size}>
      <span className={classes.face} data-hue={toHue(id)} data-group={isGroup || undefined} aria-hidden>
        {isGroup ? <PeopleIcon size={size === 'lg' ? 24 : 16} /> : toInitials(name)}
      </span>
      {presence !== null && (
        <span className={classes.presence} data-state={presence} role="img" aria-label={PRESENCE[presence]} />
      )}
    </span>
  );
}

function toHue(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
  return sum % HUES;
}

function toInitials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => firstCharacter(word ?? ''));
  return letters.join('').toUpperCase();
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A letter with its marks, or a whole emoji. */
function firstCharacter(word: string): string {
  for (const { segment } of GRAPHEMES.segment(word)) return segment;
  return '';
}
