import type { ConversationSummary, MessageView } from '@parley/contracts';
import { findIncoming } from './incoming.js';

function summary(id: string, seq: number, changes: Partial<MessageView> = {}, readSeq = 0): ConversationSummary {
  const lastMessage = { seq, senderId: 'ben', kind: 'text', deletedAt: null, ...changes };
  return { conversation: { id }, lastMessage, readSeq } as unknown as ConversationSummary;
}

const ids = (before: ConversationSummary[], after: ConversationSummary[]) =>
  findIncoming(before, after, 'ada').map(({ summary: { conversation } }) => conversation.id);

describe('what has just come', () => {
  it('is a later message of somebody else', () => {
    expect(ids([summary('tea', 1), summary('old', 5)], [summary('tea', 2), summary('old', 5)])).toEqual(['tea']);
  });

  it('is also the first message of a conversation that was not there', () => {
    expect(ids([], [summary('new', 1)])).toEqual(['new']);
  });

  it('is not what one wrote, has read, was taken away, or the system tells', () => {
    const before = [summary('tea', 1)];
    expect(ids(before, [summary('tea', 2, { senderId: 'ada' })])).toEqual([]);
    expect(ids(before, [summary('tea', 2, {}, 2)])).toEqual([]);
    expect(ids(before, [summary('tea', 2, { deletedAt: '2026-01-01T00:00:00.000Z' })])).toEqual([]);
    expect(ids(before, [summary('tea', 2, { kind: 'system' })])).toEqual([]);
  });
});
