import type { ReceiptView } from '@parley/contracts';
import { toDelivery } from './delivery.js';

const receipt = (userId: string, deliveredSeq: number, readSeq: number | null): ReceiptView => ({
  userId,
  deliveredSeq,
  readSeq,
});

describe('how far an own message has got', () => {
  it('is delivered when it has reached everybody, and not before', () => {
    expect(toDelivery(5, [receipt('ben', 5, 0), receipt('cleo', 4, 0)], 'ada')).toEqual({ state: 'sent' });
    expect(toDelivery(5, [receipt('ben', 5, 0), receipt('cleo', 6, 0)], 'ada')).toEqual({ state: 'delivered' });
  });

  it('is read as soon as one has read it, and says by whom', () => {
    const receipts = [receipt('ada', 9, 9), receipt('ben', 5, 5), receipt('cleo', 4, 0)];
    expect(toDelivery(5, receipts, 'ada')).toEqual({ state: 'read', by: ['ben'] });
  });

  it('does not count as readers those who do not tell', () => {
    expect(toDelivery(5, [receipt('ben', 9, null)], 'ada')).toEqual({ state: 'delivered' });
  });

  it('is with the server, where nothing is known of others', () => {
    expect(toDelivery(5, [], 'ada')).toEqual({ state: 'sent' });
  });
});
