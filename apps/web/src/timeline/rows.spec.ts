import type { TimelineMessage } from '@parley/client';
import { compareRows, findRow, toRows, type RowsInput } from './rows.js';

const MINUTE = 60_000;
const NOON = new Date(2026, 0, 15, 12).getTime();

function sent(seq: number, senderId = 'ben', at = NOON + seq * 1_000): TimelineMessage {
  return {
    status: 'sent',
    conversationId: 'tea',
    seq,
    senderId,
    clientId: `client-${seq}`,
    kind: 'text',
    body: `Message ${seq}`,
    data: null,
    replyTo: null,
    mentions: [],
    mentionsAll: false,
    reactions: [],
    createdAt: new Date(at).toISOString(),
    editedAt: null,
    deletedAt: null,
    changedSeq: null,
    version: 1,
  };
}

function pending(clientId: string): TimelineMessage {
  return {
    status: 'pending',
    conversationId: 'tea',
    clientId,
    body: 'On its way',
    replyTo: null,
    createdAt: new Date(NOON).toISOString(),
    error: null,
  };
}

function rowsOf(messages: readonly TimelineMessage[], input: Partial<RowsInput> = {}) {
  return toRows({ messages, hasOlder: false, ownId: 'ada', readUpTo: null, ...input });
}

describe('the rows of a timeline', () => {
  it('puts together what one person says within five minutes', () => {
    const rows = rowsOf([sent(1), sent(2), sent(3, 'cleo'), sent(4, 'cleo', NOON + 9 * MINUTE)]);
    expect(rows.map(({ startsGroup }) => startsGroup)).toEqual([true, false, true, true]);
  });

  it('begins each day anew', () => {
    const rows = rowsOf([sent(1), sent(2, 'ben', NOON + 24 * 60 * MINUTE)]);
    expect(rows.map(({ startsDay, startsGroup }) => [startsDay, startsGroup])).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  it('marks the first message of somebody else after what was read', () => {
    const rows = rowsOf([sent(1), sent(2, 'ada'), sent(3), sent(4)], { readUpTo: 1 });
    expect(rows.map(({ isFirstUnread }) => isFirstUnread)).toEqual([false, false, true, false]);
  });

  it('marks nothing while the first unread message is older than what is loaded', () => {
    const rows = rowsOf([sent(40), sent(41)], { readUpTo: 12, hasOlder: true });
    expect(rows.some(({ isFirstUnread }) => isFirstUnread)).toBe(false);
  });

  it('keeps the key of an own message when the server has stored it', () => {
    const [before] = rowsOf([pending('client-7')]);
    const [after] = rowsOf([sent(7, 'ada')]);
    expect(after?.key).toBe(before?.key);
  });

  it('gives the same row for a message that has not changed', () => {
    const messages = [sent(1), sent(2)];
    expect(rowsOf([...messages, sent(3)])[1]).toBe(rowsOf(messages)[1]);
  });
});

describe('what became of the rows', () => {
  const window = rowsOf([sent(5), sent(6)]);

  it('tells older messages before them from newer ones after them', () => {
    expect(compareRows(window, rowsOf([sent(3), sent(4), sent(5), sent(6)]))).toBe('prepended');
    expect(compareRows(window, rowsOf([sent(5), sent(6), sent(7)]))).toBe('grown');
  });

  it('tells another stretch of the history from the same one without its beginning', () => {
    expect(compareRows(window, rowsOf([sent(90), sent(91)]))).toBe('replaced');
    expect(compareRows(window, rowsOf([sent(6), sent(7)]))).toBe('grown');
  });
});

describe('finding a message by its number', () => {
  const rows = rowsOf([sent(5), sent(8), sent(9)]);

  it('takes the next one where a number belongs to a change', () => {
    expect(findRow(rows, 8)).toBe(1);
    expect(findRow(rows, 6)).toBe(1);
  });

  it('does not find what is not loaded', () => {
    expect(findRow(rows, 4)).toBe(-1);
    expect(findRow(rows, 10)).toBe(-1);
  });
});
