import { groupBy } from '../../../support/group-by.js';
import type { Case } from './case.js';
import { ofKind, type Operation, type OperationOf } from './operations.js';
import type { Violation } from './violation.js';

/** Rule 7: what was refused for certain has not happened, unless another try of the same has. */
export function* findFalseFailures(theCase: Case): Generator<Violation> {
  yield* judgeSends(theCase);
  yield* judgeEdits(theCase);
  yield* judgeMembers(theCase);
}

function* judgeSends(theCase: Case): Generator<Violation> {
  const stored = new Map(theCase.messages.map((message) => [message.clientId, message]));
  const tries = groupBy(ofKind(theCase.operations, 'send'), ({ action }) => action.clientId);
  for (const [clientId, operations] of tries) {
    const message = stored.get(clientId);
    if (message === undefined || operations.some(({ outcome }) => outcome !== 'fail')) continue;
    const { client, code, action } = operations[0]!;
    const sentence = `"${action.body}" of ${client} was refused (${code}), and is stored as ${message.seq}`;
    yield falseFailure(sentence, operations, message);
  }
}

/** Every edit has a text of its own, so whoever sees the text knows which edit it was. */
function* judgeEdits(theCase: Case): Generator<Violation> {
  const texts = new Map(theCase.sightings.map(({ message }) => [message.body, message]));
  for (const message of theCase.messages) texts.set(message.body, message);
  const tries = groupBy(ofKind(theCase.operations, 'edit'), ({ action }) => action.body);
  for (const [body, operations] of tries) {
    const message = texts.get(body);
    if (message === undefined || operations.some(({ outcome }) => outcome !== 'fail')) continue;
    const { client, code, action } = operations[0]!;
    yield falseFailure(
      `The edit of ${action.seq} by ${client} was refused (${code}), and was made`,
      operations,
      message,
    );
  }
}

type Membering = OperationOf<'add' | 'remove' | 'leave'>;

/** Nobody comes or goes more often than it may have been done. */
function* judgeMembers(theCase: Case): Generator<Violation> {
  const possible = ofKind(theCase.operations, 'add', 'remove', 'leave').filter(({ outcome }) => outcome !== 'fail');
  const counts = groupBy(possible, memberingKey);
  for (const { id, messages } of theCase.evidence.conversations) {
    const told = groupBy(
      messages.flatMap((message) => [...memberEvents(message)]),
      ({ key }) => key,
    );
    for (const [key, events] of told) {
      const done = counts.get(`${id} ${key}`)?.length ?? 0;
      if (events.length <= done) continue;
      const sentence = `In ${id}, "${key}" happened ${events.length} times, and may have been done ${done} times`;
      yield falseFailure(sentence, [], ...events);
    }
  }
}

function memberingKey({ action, userId }: Membering): string {
  const target = action.kind === 'leave' ? userId : action.targetId;
  return `${action.conversationId} ${action.kind} ${target} by ${userId}`;
}

function* memberEvents({ senderId, data, seq }: Case['messages'][number]): Generator<{ key: string; seq: number }> {
  const kinds = { members_added: 'add', member_removed: 'remove', member_left: 'leave' } as const;
  if (data?.event !== 'members_added' && data?.event !== 'member_removed' && data?.event !== 'member_left') return;
  for (const userId of data.userIds) yield { key: `${kinds[data.event]} ${userId} by ${senderId}`, seq };
}

function falseFailure(sentence: string, operations: readonly Operation[], ...rest: readonly unknown[]): Violation {
  return { rule: 'failure-that-happened', sentence, evidence: [...operations, ...rest] };
}
