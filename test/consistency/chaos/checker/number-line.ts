import { groupBy } from '../../../support/group-by.js';
import type { Case } from './case.js';
import type { StoredConversation } from './evidence.js';
import { ofKind } from './operations.js';
import type { Violation } from './violation.js';

/** Rules 2 and 3: one gapless line of numbers in each conversation, and each send in it once. */
export function* findNumberFaults(theCase: Case): Generator<Violation> {
  for (const conversation of theCase.evidence.conversations) {
    yield* findRepeated(conversation);
    yield* findMissing(theCase, conversation);
  }
  yield* findSentTwice(theCase);
}

/** The numbers that messages and their latest changes have taken. */
function numbersOf({ messages }: StoredConversation): number[] {
  return messages.flatMap(({ seq, changedSeq }) => (changedSeq === null ? [seq] : [seq, changedSeq]));
}

function* findRepeated(conversation: StoredConversation): Generator<Violation> {
  const seen = new Set<number>();
  for (const number of numbersOf(conversation)) {
    if (seen.has(number)) yield fault(`${conversation.id} has the number ${number} twice`, conversation, number);
    if (number > conversation.lastSeq) {
      yield fault(
        `${conversation.id} ends at ${conversation.lastSeq} and has the number ${number}`,
        conversation,
        number,
      );
    }
    seen.add(number);
  }
}

/**
 * A change writes its number into its message, which keeps the latest only: a number that the table does not
 * show is no gap when somebody was told of such a change, or when a change has no known outcome.
 */
function* findMissing(theCase: Case, conversation: StoredConversation): Generator<Violation> {
  const taken = new Set(numbersOf(conversation));
  for (const { message, place } of theCase.sightings) {
    if (message.conversationId !== conversation.id) continue;
    taken.add(place);
    if (message.changedSeq !== null) taken.add(message.changedSeq);
  }
  const missing: number[] = [];
  for (let number = 1; number <= conversation.lastSeq; number += 1) if (!taken.has(number)) missing.push(number);
  const isOpen = ofKind(theCase.operations, 'edit', 'delete', 'react', 'unreact').filter(
    ({ action, outcome }) => outcome === 'unknown' && action.conversationId === conversation.id,
  );
  if (missing.length <= isOpen.length) return;
  yield fault(
    `${conversation.id} has no ${missing.join(', ')} up to ${conversation.lastSeq}`,
    conversation,
    ...missing,
  );
}

function* findSentTwice(theCase: Case): Generator<Violation> {
  const keyOf = ({ conversationId, senderId, clientId }: (typeof theCase.messages)[number]): string =>
    `${conversationId} ${senderId} ${clientId}`;
  const texts = theCase.messages.filter(({ clientId }) => clientId !== null);
  for (const same of groupBy(texts, keyOf).values()) {
    if (same.length === 1) continue;
    const seqs = same.map(({ seq }) => seq).join(', ');
    yield { rule: 'sent-twice', sentence: `"${same[0]?.body}" was sent once and is stored as ${seqs}`, evidence: same };
  }
}

function fault(sentence: string, { id, lastSeq }: StoredConversation, ...numbers: number[]): Violation {
  return { rule: 'number-line', sentence, evidence: [{ conversationId: id, lastSeq, numbers }] };
}
