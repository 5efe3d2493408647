export type ShortcutAction = 'help' | 'search' | 'new' | 'next' | 'previous' | 'settings' | 'compose' | 'messages';

/** As the list under `?` shows them. */
export const SHORTCUTS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['?'], does: 'Show this list' },
  { keys: ['Ctrl', 'K'], does: 'Search conversations and people' },
  { keys: ['N'], does: 'New conversation' },
  { keys: ['Alt', '↓'], does: 'Next conversation' },
  { keys: ['Alt', '↑'], does: 'Previous conversation' },
  { keys: ['C'], does: 'Write a message' },
  { keys: ['M'], does: 'Go to the messages' },
  { keys: ['↑', '↓'], does: 'From message to message' },
  { keys: ['R'], does: 'Reply to the message with the focus' },
  { keys: ['E'], does: 'Edit the message with the focus' },
  { keys: ['Del'], does: 'Delete the message with the focus' },
  { keys: ['Enter'], does: 'Send' },
  { keys: ['Shift', 'Enter'], does: 'Begin a new line' },
  { keys: ['↑'], does: 'In an empty message: edit your last one' },
  { keys: ['@'], does: 'Mention somebody' },
  { keys: ['Esc'], does: 'Cancel a reply or an edit' },
  { keys: ['Ctrl', ','], does: 'Settings' },
];

const PLAIN: Readonly<Record<string, ShortcutAction | undefined>> = {
  '?': 'help',
  n: 'new',
  c: 'compose',
  m: 'messages',
};

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target' | 'defaultPrevented'>;

/** What a key means, unless it is part of a text. */
export function findAction({
  key,
  ctrlKey,
  metaKey,
  altKey,
  target,
  defaultPrevented,
}: Pressed): ShortcutAction | null {
  if (defaultPrevented) return null;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'k' ? 'search' : key === ',' ? 'settings' : null;
  if (altKey) return key === 'ArrowDown' ? 'next' : key === 'ArrowUp' ? 'previous' : null;
  return isText(target) ? null : (PLAIN[key] ?? null);
}

function isText(target: EventTarget | null): boolean {
  return (
    target !== null &&
    'matches' in target &&
    (target as Element).matches('input, textarea, select, [contenteditable="true"]')
  );
}
