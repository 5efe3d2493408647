import type { ReceiptView } from '@parley/contracts';

/** How far one's own message has got: with the server, on everybody's devices, or read by so many people. */
export type Delivery = { state: 'sent' } | { state: 'delivered' } | { state: 'read'; by: readonly string[] };

const SENT: Delivery = { state: 'sent' };
const DELIVERED: Delivery = { state: 'delivered' };

/** What the receipts of a conversation say about one message. Who does not tell how far they have read counts as not. */
export function toDelivery(seq: number, receipts: readonly ReceiptView[], ownId: string): Delivery {
  const others = receipts.filter(({ userId }) => userId !== ownId);
  if (others.length === 0) return SENT;
  const by = others.filter(({ readSeq }) => readSeq !== null && readSeq >= seq).map(({ userId }) => userId);
  if (by.length > 0) return { state: 'read', by };
  return others.every(({ deliveredSeq }) => deliveredSeq >= seq) ? DELIVERED : SENT;
}
