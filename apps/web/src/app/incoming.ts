import type { ConversationSummary, MessageView } from '@parley/contracts';

/** A message of somebody else that has just come. */
export interface Incoming {
  readonly summary: ConversationSummary;
  readonly message: MessageView;
}

/**
 * What came between two states of the list: in each conversation the last message, if it is newer, by somebody
 * else, and not read yet. A conversation that was not in the list before is news as well, but the first list is not.
 */
export function findIncoming(
  before: readonly ConversationSummary[],
  after: readonly ConversationSummary[],
  ownId: string,
): readonly Incoming[] {
  const lastSeqs = new Map(before.map(({ conversation, lastMessage }) => [conversation.id, lastMessage?.seq ?? 0]));
  return after.flatMap((summary) => {
    const { conversation, lastMessage: message, readSeq } = summary;
    if (message?.kind !== 'text' || message.senderId === ownId || message.deletedAt !== null) return [];
    const isNew = message.seq > (lastSeqs.get(conversation.id) ?? 0) && message.seq > readSeq;
    return isNew ? [{ summary, message }] : [];
  });
}
