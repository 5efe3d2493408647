import type { Message } from '../history/message.js';
import type { Case } from './case.js';
import type { ShownConversation, ShownState, StoredConversation, StoredMember } from './evidence.js';
import type { Violation } from './violation.js';

const UNREAD_MAX = 100;

/** Rule 5: in the end every client shows what the server has. */
export function* findDivergence(theCase: Case): Generator<Violation> {
  for (const state of theCase.evidence.clients) {
    for (const conversation of theCase.evidence.conversations) {
      const shown = state.conversations.find(({ conversationId }) => conversationId === conversation.id);
      const member = conversation.members.find(({ userId, leftSeq }) => userId === state.userId && leftSeq === null);
      if (member === undefined && shown !== undefined) {
        yield differs(
          `${state.client} shows ${conversation.id}, and does not belong to it`,
          state,
          conversation.members,
        );
      } else if (member !== undefined && shown === undefined) {
        yield differs(`${state.client} does not show ${conversation.id}, and belongs to it`, state, member);
      } else if (member !== undefined && shown !== undefined) {
        yield* compare(state, shown, conversation, member);
      }
    }
  }
}

function* compare(
  { client, userId }: ShownState,
  shown: ShownConversation,
  conversation: StoredConversation,
  member: StoredMember,
): Generator<Violation> {
  const visible = conversation.messages.filter(({ seq }) => seq >= member.visibleFromSeq);
  const expected = new Map(visible.map((message) => [message.seq, message]));
  const found = new Map(shown.messages.map((message) => [message.seq, message]));
  for (const seq of new Set([...expected.keys(), ...found.keys()])) {
    const [stored, seen] = [expected.get(seq), found.get(seq)];
    if (JSON.stringify(stored) === JSON.stringify(seen)) continue;
    const sentence = `${client} shows ${seq} of ${conversation.id} as ${JSON.stringify(seen)}, and the server has ${JSON.stringify(stored)}`;
    yield differs(sentence, seen ?? null, stored ?? null);
  }
  const seqs = shown.messages.map(({ seq }) => seq);
  if (seqs.some((seq, index) => seq <= (seqs[index - 1] ?? 0)))
    yield differs(`${client} shows its messages in disorder`, seqs);
  if (shown.counts === null) return;
  const { unread, readSeq } = shown.counts;
  const expectedUnread = Math.min(UNREAD_MAX, visible.filter((message) => isUnread(message, userId, member)).length);
  if (unread !== expectedUnread || readSeq !== member.readSeq) {
    const sentence = `${client} shows ${unread} unread after ${readSeq}, and there are ${expectedUnread} after ${member.readSeq}`;
    yield differs(sentence, shown.counts, member);
  }
}

function isUnread({ seq, senderId, kind, isDeleted }: Message, userId: string, { readSeq }: StoredMember): boolean {
  return seq > readSeq && senderId !== userId && kind === 'text' && !isDeleted;
}

function differs(sentence: string, ...evidence: readonly unknown[]): Violation {
  return { rule: 'final-state', sentence, evidence };
}
