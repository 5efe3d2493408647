import type { MessageView, SystemEvent } from '@parley/contracts';

/** A message as the checker compares it: what everybody must agree on, and nothing that depends on the reader. */
export interface Message {
  conversationId: string;
  seq: number;
  senderId: string;
  clientId: string | null;
  kind: 'text' | 'system';
  body: string | null;
  data: SystemEvent | null;
  isDeleted: boolean;
  changedSeq: number | null;
  version: number;
  /** `emoji userId`, in the order of the alphabet. */
  reactions: readonly string[];
}

export function toMessage(view: MessageView): Message {
  return {
    conversationId: view.conversationId,
    seq: view.seq,
    senderId: view.senderId,
    clientId: view.clientId,
    kind: view.kind,
    body: view.body,
    data: inOrder(view.data),
    isDeleted: view.deletedAt !== null,
    changedSeq: view.changedSeq,
    version: view.version,
    reactions: view.reactions.flatMap(({ emoji, userIds }) => userIds.map((userId) => `${emoji} ${userId}`)).sort(),
  };
}

/** The number of the latest change of a message: of two views of one message the higher one is the newer. */
export function stateOf({ seq, changedSeq }: Pick<Message, 'seq' | 'changedSeq'>): number {
  return changedSeq ?? seq;
}

/** The same data with its members in one order: what went through the database has another. */
function inOrder(data: SystemEvent | null): SystemEvent | null {
  if (data === null) return null;
  return Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))) as unknown as SystemEvent;
}
