import { LIMITS, type MessageView, type SyncUpdate } from '@parley/contracts';
import type { DeltaMessage } from '../messages/deltas.access.js';

/** A conversation of a cursor, as its member may see it. */
export interface Standing {
  conversationId: string;
  lastSeq: number;
  visibleFromSeq: number;
}

/** What one conversation's update will be: all changes after `from`, or, when that is null, a new start. */
export interface PlannedUpdate extends Standing {
  from: number | null;
}

/** What an answer may still hold. */
export interface Room {
  messages: number;
  bytes: number;
}

/**
 * What to tell of each conversation, in the given order; nothing of those whose cursor is at the head.
 * A cursor that cannot be is answered by a new start: beyond the head, of another epoch, or from before
 * the member's present history began, which was not theirs to see in between.
 */
export function planUpdates(
  standings: readonly Standing[],
  cursors: Readonly<Record<string, number>>,
  sameEpoch: boolean,
): PlannedUpdate[] {
  return standings.flatMap((standing): PlannedUpdate[] => {
    const cursor = cursors[standing.conversationId] ?? 0;
    if (!sameEpoch || !isPossible(cursor, standing)) return [{ ...standing, from: null }];
    return cursor === standing.lastSeq ? [] : [{ ...standing, from: cursor }];
  });
}

function isPossible(cursor: number, { lastSeq, visibleFromSeq }: Standing): boolean {
  return cursor <= lastSeq && cursor >= visibleFromSeq - 1 && lastSeq - cursor <= LIMITS.syncDeltaMax;
}

/**
 * The update, as far as it fits: a delta may end early, a new start may not. Null when nothing of it
 * fits. The first update of an answer always gets something in, so that asking again leads on.
 */
export function fitUpdate(
  planned: PlannedUpdate,
  found: readonly DeltaMessage[],
  room: Room,
  isFirst: boolean,
): SyncUpdate | null {
  const { from, ...standing } = planned;
  return from === null ? fitReset(standing, found, room, isFirst) : fitDelta(standing, from, found, room, isFirst);
}

/** `found` holds one message more than a new start shows, if there is one. */
function fitReset(
  { conversationId, lastSeq }: Standing,
  found: readonly DeltaMessage[],
  room: Room,
  isFirst: boolean,
): SyncUpdate | null {
  const latest = found.map(({ message }) => message).reverse();
  const shown = latest.slice(0, LIMITS.syncResetMessages);
  const fitting = takeFitting(shown, room, isFirst);
  if (fitting.length < shown.length && !isFirst) return null;
  return {
    conversationId,
    kind: 'reset',
    head: lastSeq,
    messages: fitting.reverse(),
    hasMoreBefore: latest.length > fitting.length,
  };
}

/** The messages come by the number that they are told for, so the first of them are complete up to a number. */
function fitDelta(
  { conversationId, lastSeq }: Standing,
  from: number,
  found: readonly DeltaMessage[],
  room: Room,
  isFirst: boolean,
): SyncUpdate | null {
  const messages = found.map(({ message }) => message);
  const fitting = takeFitting(messages, room, isFirst);
  if (fitting.length === 0 && messages.length > 0) return null;
  const isWhole = fitting.length === messages.length;
  const to = isWhole ? lastSeq : (found[fitting.length - 1]?.at ?? from);
  return { conversationId, kind: 'delta', from, to, messages: fitting.sort((a, b) => a.seq - b.seq) };
}

/** As many of the first messages as there is room for, and takes that room; with `atLeastOne`, even without room. */
function takeFitting(messages: readonly MessageView[], room: Room, atLeastOne: boolean): MessageView[] {
  const fitting: MessageView[] = [];
  for (const message of messages) {
    const bytes = Buffer.byteLength(JSON.stringify(message));
    const fits = room.messages >= 1 && room.bytes >= bytes;
    if (!fits && !(atLeastOne && fitting.length === 0)) break;
    fitting.push(message);
    room.messages -= 1;
    room.bytes -= bytes;
  }
  return fitting;
}
