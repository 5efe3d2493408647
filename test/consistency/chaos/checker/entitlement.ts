import { stateOf } from '../history/message.js';
import type { Case } from './case.js';
import type { Violation } from './violation.js';

/** Rule 6: content reaches members only, and only what happened while they were members. */
export function* findForbiddenContent(theCase: Case): Generator<Violation> {
  for (const { message, place, observer, event } of theCase.sightings) {
    const memberships = theCase.memberships.get(message.conversationId);
    const latest = Math.max(stateOf(message), place);
    if (memberships === undefined || memberships.covers(observer.userId, message.seq, latest)) continue;
    const sentence = `${observer.client} got to see ${message.seq} (as of ${latest}), "${message.body}", and was not a member then`;
    yield { rule: 'after-removal', sentence, evidence: [event] };
  }
  for (const event of theCase.evidence.history) {
    if (event.type !== 'receipt') continue;
    const { client, userId, conversationId, memberId, upTo } = event;
    if (theCase.memberships.get(conversationId)?.endedBefore(userId, upTo) !== true) continue;
    const sentence = `${client} was told that ${memberId} has got to ${upTo}, and had left before that`;
    yield { rule: 'after-removal', sentence, evidence: [event] };
  }
  for (const message of theCase.messages) {
    const { conversationId, senderId, seq, kind } = message;
    if (kind !== 'text' || theCase.memberships.get(conversationId)?.covers(senderId, seq, seq) !== false) continue;
    const sentence = `Number ${seq}, "${message.body}", was sent by somebody who was not a member then`;
    yield { rule: 'after-removal', sentence, evidence: [message] };
  }
}
