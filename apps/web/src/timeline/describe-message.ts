import type { MessageView, SystemEvent } from '@parley/contracts';

/** Looks a name up; a person who is not known yet has one too. */
export type NameOf = (userId: string) => string;

/** What a system message tells, as a sentence. */
export function toSentenceOf(event: SystemEvent, senderId: string, nameOf: NameOf): string {
  const actor = nameOf(senderId);
  const people = 'userIds' in event ? toList(event.userIds.map(nameOf)) : '';
  switch (event.event) {
    case 'group_created':
      return `${actor} created the group “${event.title}”`;
    case 'title_changed':
      return `${actor} renamed the group to “${event.title}”`;
    case 'members_added':
      return `${actor} added ${people}`;
    case 'member_removed':
      return `${actor} removed ${people}`;
    case 'member_left':
      return `${people} left the group`;
    case 'role_changed':
      return event.role === 'admin' ? `${actor} made ${people} an admin` : `${actor} made ${people} a member`;
    case 'ownership_transferred':
      return `${actor} made ${people} the owner`;
  }
}

/** A message on one line, for lists, quotes and notifications. */
export function toLine({ body, data, deletedAt, senderId }: MessageView, nameOf: NameOf): string {
  if (deletedAt !== null) return 'Message deleted';
  if (data !== null) return toSentenceOf(data, senderId, nameOf);
  return (body ?? '').replace(/\s+/g, ' ').trim();
}

const SHOWN_NAMES = 5;

function toList(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES);
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
