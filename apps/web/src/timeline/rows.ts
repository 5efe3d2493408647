import type { TimelineMessage } from '@parley/client';
import { toDayKey } from '../shared/times.js';

/** A message with what stands around it because of its neighbours. */
export interface Row {
  readonly key: string;
  readonly message: TimelineMessage;
  /** It is the first of its day that is shown. */
  readonly startsDay: boolean;
  /** It does not continue what the same person has just said: it has a name and a face. */
  readonly startsGroup: boolean;
  readonly isFirstUnread: boolean;
  /** There is nothing before it. */
  readonly startsHistory: boolean;
}

export interface RowsInput {
  readonly messages: readonly TimelineMessage[];
  readonly hasOlder: boolean;
  readonly ownId: string;
  /** Up to where this person had read when they came; null when there was nothing new. */
  readonly readUpTo: number | null;
}

const GROUP_MS = 5 * 60_000;

/** The rows made before, so that a row that has not changed is the same object and need not be drawn again. */
const made = new WeakMap<TimelineMessage, Row>();

export function toRows({ messages, hasOlder, ownId, readUpTo }: RowsInput): readonly Row[] {
  const firstUnread = findFirstUnread(messages, hasOlder, ownId, readUpTo);
  return messages.map((message, index) => {
    const before = index === 0 ? null : (messages[index - 1] ?? null);
    const startsDay = before === null || toDayKey(before.createdAt) !== toDayKey(message.createdAt);
    const isFirstUnread = message === firstUnread;
    return keep({
      key: toKey(message, ownId),
      message,
      startsDay,
      startsGroup: startsDay || isFirstUnread || !continues(before, message, ownId),
      isFirstUnread,
      startsHistory: index === 0 && !hasOlder,
    });
  });
}

/** The number of a message; null while it is on its way. */
export function toSeq(message: TimelineMessage): number | null {
  return message.status === 'sent' ? message.seq : null;
}

export function toSenderId(message: TimelineMessage, ownId: string): string {
  return message.status === 'sent' ? message.senderId : ownId;
}

/** The row of a message, or of what comes next when no message has this number. -1 when it is not loaded. */
export function findRow(rows: readonly Row[], seq: number): number {
  const first = rows[0] === undefined ? null : toSeq(rows[0].message);
  if (first === null || seq < first) return -1;
  return rows.findIndex(({ message }) => (toSeq(message) ?? -1) >= seq);
}

/** What a list has to do to keep its place when `after` takes the place of `before`. */
export function compareRows(before: readonly Row[], after: readonly Row[]): 'grown' | 'prepended' | 'replaced' {
  const [first] = before;
  if (first === undefined) return 'replaced';
  if (after[0]?.key === first.key) return 'grown';
  const keys = new Set(after.map(({ key }) => key));
  if (keys.has(first.key)) return 'prepended';
  return before.some(({ key }) => keys.has(key)) ? 'grown' : 'replaced';
}

/** One's own message keeps its key when the server has stored it. */
function toKey(message: TimelineMessage, ownId: string): string {
  if (message.status !== 'sent') return message.clientId;
  return message.senderId === ownId && message.clientId !== null ? message.clientId : String(message.seq);
}

function continues(before: TimelineMessage | null, message: TimelineMessage, ownId: string): boolean {
  if (before === null || isSystem(before) || isSystem(message)) return false;
  if (toSenderId(before, ownId) !== toSenderId(message, ownId)) return false;
  return Date.parse(message.createdAt) - Date.parse(before.createdAt) < GROUP_MS;
}

function isSystem(message: TimelineMessage): boolean {
  return message.status === 'sent' && message.kind === 'system';
}

function findFirstUnread(
  messages: readonly TimelineMessage[],
  hasOlder: boolean,
  ownId: string,
  readUpTo: number | null,
): TimelineMessage | null {
  if (readUpTo === null) return null;
  // Where the window begins after what was read, the first unread message is not in it.
  const first = messages[0] === undefined ? null : toSeq(messages[0]);
  if (first === null || (hasOlder && first > readUpTo + 1)) return null;
  const isUnread = (message: TimelineMessage): boolean =>
    message.status === 'sent' && message.seq > readUpTo && message.senderId !== ownId && message.kind === 'text';
  return messages.find(isUnread) ?? null;
}

function keep(row: Row): Row {
  const known = made.get(row.message);
  const isSame =
    known?.startsDay === row.startsDay &&
    known.startsGroup === row.startsGroup &&
    known.isFirstUnread === row.isFirstUnread &&
    known.startsHistory === row.startsHistory;
  if (isSame) return known;
  made.set(row.message, row);
  return row;
}
