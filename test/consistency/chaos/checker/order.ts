import type { HistoryEvent } from '../history/history-event.js';
import type { Case } from './case.js';
import { groupBy } from '../../../support/group-by.js';
import { ofKind, type OperationOf } from './operations.js';
import type { Violation } from './violation.js';

/** Rule 4, order: on each connection, of each sender, and in real time. */
export function* findDisorder(theCase: Case): Generator<Violation> {
  yield* findDisorderHeard(theCase);
  yield* findDisorderSent(theCase);
  yield* findDisorderInTime(theCase);
}

type Told = Extract<HistoryEvent, { type: 'told' }>;

/** On one connection the numbers of a conversation only grow. */
function* findDisorderHeard({ evidence }: Case): Generator<Violation> {
  const last = new Map<string, Told>();
  for (const event of evidence.history) {
    if (event.type !== 'told') continue;
    const key = `${event.client} ${event.connection} ${event.conversationId}`;
    const before = last.get(key);
    const isMessage = event.message !== null;
    // A system message and the state of its conversation share a number, and so do a joining and its message.
    const isLater = before === undefined || event.seq > before.seq || (event.seq === before.seq && !isMessage);
    if (!isLater) {
      const sentence = `${event.client} heard ${event.fact} ${event.seq} after ${before.seq}, on one connection`;
      yield { rule: 'order', sentence, evidence: [before, event] };
    }
    if (isMessage) last.set(key, event);
  }
}

/** What one client sent on one connection, one after the other, stands in that order, if it was stored then. */
function* findDisorderSent(theCase: Case): Generator<Violation> {
  const last = new Map<string, OperationOf<'send'>>();
  for (const send of ofKind(theCase.operations, 'send')) {
    if (send.outcome !== 'ok' || send.duplicate || send.connection === null || send.message === null) continue;
    const key = `${send.client} ${send.connection} ${send.action.conversationId}`;
    const before = last.get(key);
    if (before !== undefined && send.message.seq <= before.message!.seq) {
      const sentence = `${send.client} sent "${before.action.body}" before "${send.action.body}", and they are ${before.message!.seq} and ${send.message.seq}`;
      yield { rule: 'order', sentence, evidence: [before, send] };
    }
    last.set(key, send);
  }
}

/** What anybody knew of before a send began has a lower number than what was sent. */
function* findDisorderInTime(theCase: Case): Generator<Violation> {
  const known = new Map<string, number>();
  const floors = new Map<string, number>();
  const sightings = groupBy(theCase.sightings, ({ at }) => String(at));
  for (const [at, event] of theCase.evidence.history.entries()) {
    for (const { message, place } of sightings.get(String(at)) ?? []) {
      const number = Math.max(message.changedSeq ?? 0, message.seq, place);
      known.set(message.conversationId, Math.max(known.get(message.conversationId) ?? 0, number));
    }
    if (event.type !== 'invoke' || event.action.kind !== 'send') continue;
    const { clientId, conversationId } = event.action;
    if (!floors.has(clientId)) floors.set(clientId, known.get(conversationId) ?? 0);
  }
  for (const { clientId, seq, body } of theCase.messages) {
    const floor = floors.get(clientId ?? '');
    if (floor === undefined || seq > floor) continue;
    const sentence = `"${body}" was sent when ${floor} was known already, and has the number ${seq}`;
    yield {
      rule: 'order',
      sentence,
      evidence: theCase.operations.filter(({ action }) => action.kind === 'send' && action.clientId === clientId),
    };
  }
}
