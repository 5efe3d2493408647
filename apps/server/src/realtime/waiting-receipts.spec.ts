import { WaitingReceipts } from './waiting-receipts.js';

const [ONE, OTHER] = ['0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a', '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5b'];
const [ADA, BEN] = ['ada', 'ben'];

describe('WaitingReceipts', () => {
  let receipts: WaitingReceipts;

  beforeEach(() => {
    receipts = new WaitingReceipts();
  });

  function keep(conversationId: string, userId: string, seq: number, switchVersion = 0): void {
    const payload = { conversationId, userId, readSeq: seq, deliveredSeq: seq };
    const fact = { type: 'receipt:changed' as const, audience: { conversationId }, payload, switchVersion };
    receipts.keep(fact, [fact]);
  }

  const take = (conversationId: string, toldSeq: number): unknown[] =>
    receipts.take(conversationId, toldSeq).flatMap((change) => change.map(({ payload }) => payload));

  const of = (userId: string, seq: number): object => expect.objectContaining({ userId, deliveredSeq: seq });

  it('gives each out once, when what it speaks of has been told', () => {
    keep(ONE, ADA, 5);
    keep(ONE, BEN, 7);
    expect(take(ONE, 4)).toEqual([]);
    expect(take(ONE, 6)).toEqual([of(ADA, 5)]);
    expect(take(ONE, 7)).toEqual([of(BEN, 7)]);
    expect(take(ONE, 7)).toEqual([]);
  });

  it('keeps of one person the highest, in whatever order they come', () => {
    keep(ONE, ADA, 5);
    keep(ONE, ADA, 7);
    keep(ONE, ADA, 6);
    expect(take(ONE, 9)).toEqual([of(ADA, 7)]);
  });

  it('keeps apart what was made before somebody turned the switch of their read receipts and after it', () => {
    keep(ONE, ADA, 7, 0);
    keep(ONE, ADA, 5, 1);
    expect(take(ONE, 5)).toEqual([of(ADA, 5)]);
    expect(take(ONE, 7)).toEqual([of(ADA, 7)]);
  });

  it('keeps conversations apart', () => {
    keep(ONE, ADA, 5);
    keep(OTHER, ADA, 5);
    receipts.forget(ONE);
    expect(take(ONE, 5)).toEqual([]);
    expect(take(OTHER, 5)).toEqual([of(ADA, 5)]);
  });
});
