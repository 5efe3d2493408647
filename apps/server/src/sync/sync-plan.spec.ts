import { LIMITS, type MessageView } from '@parley/contracts';
import type { DeltaMessage } from '../messages/deltas.access.js';
import { fitUpdate, planUpdates, type PlannedUpdate, type Room, type Standing } from './sync-plan.js';

const standing = (more: Partial<Standing> = {}): Standing => ({
  conversationId: 'team',
  lastSeq: 1_000,
  visibleFromSeq: 1,
  ...more,
});

describe('what to tell of a conversation', () => {
  const from = (cursor: number, more: Partial<Standing> = {}, sameEpoch = true): (number | null)[] =>
    planUpdates([standing(more)], { team: cursor }, sameEpoch).map((planned) => planned.from);

  it('is nothing when the cursor is at the head', () => {
    expect(from(1_000)).toEqual([]);
  });

  it('is what came after the cursor', () => {
    expect(from(999)).toEqual([999]);
    expect(from(1_000 - LIMITS.syncDeltaMax)).toEqual([1_000 - LIMITS.syncDeltaMax]);
  });

  it('is a new start when the cursor is too far behind', () => {
    expect(from(1_000 - LIMITS.syncDeltaMax - 1)).toEqual([null]);
    expect(from(0)).toEqual([null]);
  });

  it('is a new start when the cursor is beyond the head', () => {
    expect(from(1_001)).toEqual([null]);
  });

  it('is a new start when the cursor is from before what one may see', () => {
    expect(from(949, { visibleFromSeq: 950 })).toEqual([949]);
    expect(from(948, { visibleFromSeq: 950 })).toEqual([null]);
  });

  it('begins with nothing in a conversation that one has always seen', () => {
    expect(from(0, { lastSeq: 3 })).toEqual([0]);
    expect(from(0, { lastSeq: 3, visibleFromSeq: 0 })).toEqual([0]);
    expect(from(0, { lastSeq: 0, visibleFromSeq: 0 })).toEqual([]);
  });

  it('is a new start in another epoch, also when the number is that of the head', () => {
    expect(from(1_000, {}, false)).toEqual([null]);
    expect(from(999, {}, false)).toEqual([null]);
  });

  it('keeps the order of the conversations', () => {
    const ids = ['b', 'c', 'a', 'd'];
    const standings = ids.map((conversationId) => standing({ conversationId }));
    const planned = planUpdates(standings, { a: 999, b: 998, c: 1_000, d: 5 }, true);
    expect(planned.map(({ conversationId, from: cursor }) => [conversationId, cursor])).toEqual([
      ['b', 998],
      ['a', 999],
      ['d', null],
    ]);
  });
});

describe('what fits', () => {
  /** A message that was told with its own number, or with that of its latest change. */
  function found(seq: number, at = seq, body = 'Hello'): DeltaMessage {
    const message = { conversationId: 'team', seq, body, changedSeq: at === seq ? null : at };
    return { at, message: message as unknown as MessageView };
  }

  const room = (messages = 500, bytes = 1_000_000): Room => ({ messages, bytes });
  const delta = (cursor: number): PlannedUpdate => ({ ...standing(), from: cursor });
  const reset: PlannedUpdate = { ...standing(), from: null };
  const seqs = (update: { messages: readonly MessageView[] } | null) => update?.messages.map(({ seq }) => seq);
  const sizeOf = (one: DeltaMessage): number => Buffer.byteLength(JSON.stringify(one.message));

  it('of what came after a cursor is all of it, in the order of the messages, up to the head', () => {
    const missed = [found(996), found(3, 997), found(999)];
    const update = fitUpdate(delta(995), missed, room(), true);
    expect(update).toMatchObject({ kind: 'delta', conversationId: 'team', from: 995, to: 1_000 });
    expect(seqs(update)).toEqual([3, 996, 999]);
  });

  it('of what came after a cursor may be nothing, and leads to the head all the same', () => {
    const update = fitUpdate(delta(995), [], room(0, 0), false);
    expect(update).toMatchObject({ kind: 'delta', from: 995, to: 1_000, messages: [] });
  });

  it('of what came after a cursor is complete up to a number when there is no more room', () => {
    const missed = [found(996), found(3, 997), found(999)];
    const update = fitUpdate(delta(995), missed, room(2), false);
    expect(update).toMatchObject({ to: 997 });
    expect(seqs(update)).toEqual([3, 996]);
  });

  it('ends by bytes as by messages', () => {
    const missed = [found(996), found(997), found(998)];
    const bytes = missed.slice(0, 2).reduce((sum, one) => sum + sizeOf(one), 0);
    expect(seqs(fitUpdate(delta(995), missed, room(500, bytes), false))).toEqual([996, 997]);
    expect(seqs(fitUpdate(delta(995), missed, room(500, bytes - 1), false))).toEqual([996]);
  });

  it('counts bytes and not characters', () => {
    const ascii = found(996, 996, 'u'.repeat(100));
    const umlauts = found(996, 996, 'ü'.repeat(100));
    expect(fitUpdate(delta(995), [ascii], room(500, sizeOf(ascii)), false)).not.toBeNull();
    expect(fitUpdate(delta(995), [umlauts], room(500, sizeOf(ascii)), false)).toBeNull();
  });

  it('takes the room that it needs', () => {
    const left = room(10, 10_000);
    const missed = [found(999), found(1_000)];
    fitUpdate(delta(998), missed, left, false);
    expect(left).toEqual({ messages: 8, bytes: 10_000 - missed.reduce((sum, one) => sum + sizeOf(one), 0) });
  });

  it('is nothing without room, but one message when it is the first of an answer', () => {
    const missed = [found(996), found(997)];
    expect(fitUpdate(delta(995), missed, room(500, 1), false)).toBeNull();
    const first = fitUpdate(delta(995), missed, room(500, 1), true);
    expect(first).toMatchObject({ from: 995, to: 996 });
    expect(seqs(first)).toEqual([996]);
  });

  it('of a new start are the latest, and whether there is more before them', () => {
    const latest = Array.from({ length: LIMITS.syncResetMessages + 1 }, (_, index) => found(970 + index));
    const full = fitUpdate(reset, latest, room(), false);
    expect(full).toMatchObject({ kind: 'reset', conversationId: 'team', head: 1_000, hasMoreBefore: true });
    expect(seqs(full)).toEqual(latest.slice(1).map(({ at }) => at));
    expect(fitUpdate(reset, latest.slice(1), room(), false)).toMatchObject({ hasMoreBefore: false });
    expect(fitUpdate(reset, [], room(), false)).toMatchObject({ messages: [], hasMoreBefore: false });
  });

  it('of a new start is all or nothing, but what fits when it is the first of an answer', () => {
    const latest = [found(998), found(999), found(1_000)];
    expect(fitUpdate(reset, latest, room(2), false)).toBeNull();
    const first = fitUpdate(reset, latest, room(2), true);
    expect(first).toMatchObject({ head: 1_000, hasMoreBefore: true });
    expect(seqs(first)).toEqual([999, 1_000]);
  });
});
