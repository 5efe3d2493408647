/** The messages of a room as they stand on the page: days, numbers, names and what waits for its number. */
import { el } from './draw.js';
import { discard, nameOf, state } from './talk.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const calendar = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const SAME_BREATH_MS = 5 * 60_000;

export const names = (ids) => new Intl.ListFormat('en').format(ids.map(nameOf));

const EVENTS = {
  group_created: (who, { title }) => `${who} started “${title}”`,
  title_changed: (who, { title }) => `${who} changed the title to “${title}”`,
  members_added: (who, { userIds }) => `${who} added ${names(userIds)}`,
  member_removed: (who, { userIds }) => `${who} removed ${names(userIds)}`,
  member_left: (who) => `${who} left`,
  role_changed: (who, { userIds, role }) => `${who} made ${names(userIds)} ${role}`,
};

/** A system message in words. */
export const tell = ({ data, senderId }) => EVENTS[data.event]?.(nameOf(senderId), data) ?? data.event;

/** Days, numbered messages, and at the end what waits for its number. */
export function entriesOf(room) {
  const entries = [];
  let previous = null;
  for (const message of [...room.messages.values()]
    .filter(({ seq }) => seq <= room.last)
    .sort((a, b) => a.seq - b.seq)) {
    const day = calendar.format(new Date(message.createdAt));
    const isNewDay = day !== previous?.day;
    if (isNewDay) entries.push({ key: day, day });
    const { senderId: sender, kind, seq } = message;
    const continues =
      !isNewDay &&
      kind === 'text' &&
      previous.sender === sender &&
      Date.parse(message.createdAt) - previous.at < SAME_BREATH_MS;
    const text = kind === 'system' ? tell(message) : (message.body ?? 'This message was deleted');
    entries.push({ key: JSON.stringify([seq, text, continues, nameOf(sender)]), message, text, continues });
    previous = { day, sender: kind === 'text' ? sender : null, at: Date.parse(message.createdAt) };
  }
  const waiting = state.outbox.filter(({ conversationId }) => conversationId === room.id);
  return [...entries, ...waiting.map((item) => ({ key: `${item.clientId} ${item.failed}`, item }))];
}

export function buildEntry({ day, item, message, text, continues }) {
  if (day !== undefined) return el('li', { className: 'day' }, day);
  if (item !== undefined) return buildWaiting(item);
  const { seq, senderId, kind, createdAt } = message;
  const number = el('span', { className: 'seq', title: `Message ${seq}` }, `${seq}`);
  if (kind === 'system') return el('li', { className: 'event' }, number, el('p', {}, text));
  const time = el('time', { dateTime: createdAt }, clock.format(new Date(createdAt)));
  const who = el('p', { className: continues ? 'unseen' : 'who' }, nameOf(senderId), ' ', time);
  const className = `${senderId === state.me.id ? 'mine' : ''} ${continues ? 'continues' : ''}`;
  return el('li', { className }, number, el('div', {}, who, el('p', { className: 'text' }, text)));
}

function buildWaiting(item) {
  const { body, failed } = item;
  const giveUp = el('button', { type: 'button', className: 'quiet', onclick: () => discard(item) }, 'Discard');
  const note =
    failed === null
      ? el('p', { className: 'unseen' }, 'Sending')
      : el('p', { className: 'problem' }, `Not sent: ${failed} `, giveUp);
  const number = el('span', { className: 'seq' }, failed === null ? '···' : '!');
  return el(
    'li',
    { className: failed === null ? 'mine waiting' : 'mine waiting failed' },
    number,
    el('div', {}, el('p', { className: 'text' }, body), note),
  );
}
