import { jest } from '@jest/globals';
import type { Change } from '../events/fact.js';
import { ReadReceiptsSwitches } from './read-receipts-switches.js';

const CONVERSATION = '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a';
const [ADA, BEN] = ['ada', 'ben'];

describe('ReadReceiptsSwitches', () => {
  let switches: ReadReceiptsSwitches;

  beforeEach(() => {
    switches = new ReadReceiptsSwitches();
  });

  const receipt = (userId: string, readSeq: number | null, switchVersion?: number): Change => [
    {
      type: 'receipt:changed',
      audience: { conversationId: CONVERSATION },
      payload: { conversationId: CONVERSATION, userId, readSeq, deliveredSeq: 9 },
      ...(switchVersion !== undefined && { switchVersion }),
    },
  ];

  /** What goes to the person's own devices. */
  const own = (userId: string, readSeq: number): Change => [
    {
      type: 'receipt:changed',
      audience: { userIds: [userId] },
      payload: { conversationId: CONVERSATION, userId, readSeq, deliveredSeq: 9 },
    },
  ];

  /** As it is made for somebody who hides what they read. */
  const hidden = (userId: string, readSeq: number, switchVersion: number): Change => [
    ...receipt(userId, null, switchVersion),
    ...own(userId, readSeq),
  ];

  /** What others, and what the person's own devices, are told in the end. */
  const told = (change: Change): unknown[] =>
    switches.apply(change).map(({ audience, payload }) => ['userIds' in audience ? 'own' : 'all', payload]);

  const payload = (userId: string, readSeq: number | null): object => ({
    conversationId: CONVERSATION,
    userId,
    readSeq,
    deliveredSeq: 9,
  });

  it('leave alone what is made for the switch as it stands', () => {
    for (const change of [receipt(ADA, 3, 0), hidden(ADA, 4, 1), hidden(ADA, 5, 1), receipt(ADA, 5, 2)]) {
      expect(switches.apply(change)).toBe(change);
    }
  });

  it('tell only the own devices what somebody had read who has hidden it since', () => {
    switches.apply(receipt(ADA, null, 1));
    expect(told(receipt(ADA, 3, 0))).toEqual([
      ['all', payload(ADA, null)],
      ['own', payload(ADA, 3)],
    ]);
  });

  it('tell nobody that somebody hides what they read who has shown it since, and lose nothing on the own devices', () => {
    switches.apply(receipt(ADA, 3, 2));
    expect(told(hidden(ADA, 4, 1))).toEqual([['own', payload(ADA, 4)]]);
  });

  it('let pass what was made before the last two turns, when it says the same as they do', () => {
    switches.apply(receipt(ADA, 3, 2));
    expect(told(receipt(ADA, 3, 0))).toEqual([['all', payload(ADA, 3)]]);
    switches.apply(receipt(ADA, null, 3));
    expect(told(hidden(ADA, 4, 1))).toEqual([
      ['all', payload(ADA, null)],
      ['own', payload(ADA, 4)],
    ]);
  });

  it('keep people apart', () => {
    switches.apply(receipt(ADA, null, 1));
    expect(told(receipt(BEN, 3, 0))).toEqual([['all', payload(BEN, 3)]]);
  });

  it('know nothing of a receipt that does not say for which turn it was made', () => {
    switches.apply(receipt(ADA, null, 1));
    const change = own(ADA, 3);
    expect(switches.apply(change)).toBe(change);
  });

  it('remember a turn for a minute, and then forget it with the next but one', () => {
    jest.useFakeTimers({ now: 0 });
    switches = new ReadReceiptsSwitches();
    try {
      switches.apply(receipt(ADA, null, 1));
      for (const seconds of [61, 61]) {
        expect(told(receipt(ADA, 3, 0))).toHaveLength(2);
        jest.advanceTimersByTime(seconds * 1_000);
        switches.apply(receipt(BEN, null, 1));
      }
      expect(told(receipt(ADA, 3, 0))).toEqual([['all', payload(ADA, 3)]]);
    } finally {
      jest.useRealTimers();
    }
  });
});
