import { stateOf, type Message } from '../history/message.js';
import type { Case, Sighting } from './case.js';
import type { Violation } from './violation.js';

/**
 * Rule 4, the same for everybody: a message in one state is one and the same, whoever saw it, however they came
 * to know of it, and in the database too.
 */
export function* findContradictions(theCase: Case): Generator<Violation> {
  const known = new Map<string, { text: string; seen: unknown }>();
  for (const message of theCase.messages) known.set(keyOf(message), { text: JSON.stringify(message), seen: message });
  for (const sighting of theCase.sightings) {
    const { message, event, observer } = sighting;
    const text = JSON.stringify(message);
    const before = known.get(keyOf(message));
    if (before === undefined) known.set(keyOf(message), { text, seen: event });
    else if (before.text !== text) {
      const sentence = `${observer.client} saw ${message.seq} (state ${stateOf(message)}) as ${text}, and it is also ${before.text}`;
      yield { rule: 'contradiction', sentence, evidence: [event, before.seen] };
    }
    yield* judgePlace(theCase, sighting);
  }
}

/** What was seen has happened: nobody is told of what the database does not have. */
function* judgePlace(theCase: Case, { message, event, observer }: Sighting): Generator<Violation> {
  const row = theCase.at(message.conversationId, message.seq);
  if (row === null) {
    const sentence = `${observer.client} saw number ${message.seq}, "${message.body}", which the database does not have`;
    yield { rule: 'contradiction', sentence, evidence: [event] };
  } else if (stateOf(row) < stateOf(message)) {
    const sentence = `${observer.client} saw change ${message.changedSeq} of ${message.seq}, which the database does not have`;
    yield { rule: 'contradiction', sentence, evidence: [event, row] };
  }
}

function keyOf(message: Message): string {
  return `${message.conversationId} ${message.seq} ${stateOf(message)}`;
}
