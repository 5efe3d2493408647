import { groupBy } from '../../../support/group-by.js';
import type { Case } from './case.js';
import { ofKind, type Operation, type OperationOf } from './operations.js';
import type { Violation } from './violation.js';

/** Rule 1: what was acknowledged is in the database, with the number and the content of the acknowledgement. */
export function* findLostAcknowledgements(theCase: Case): Generator<Violation> {
  const acknowledged = theCase.operations.filter(({ outcome }) => outcome === 'ok');
  for (const send of ofKind(acknowledged, 'send')) yield* judgeSend(theCase, send);
  for (const change of ofKind(acknowledged, 'edit', 'delete', 'react', 'unreact')) yield* judgeChange(theCase, change);
  for (const read of ofKind(acknowledged, 'read')) yield* judgeRead(theCase, read);
  yield* judgeDepartures(theCase);
}

function* judgeSend(theCase: Case, send: OperationOf<'send'>): Generator<Violation> {
  const { action, message, client } = send;
  const { conversationId, clientId, body } = action;
  const what = `"${body}" of ${client} was acknowledged as number ${message?.seq}`;
  const row = theCase.at(conversationId, message?.seq ?? 0);
  if (row === null) yield lost(`${what}, and the database has nothing there`, send);
  else if (row.clientId !== clientId || row.senderId !== send.userId) {
    yield lost(`${what}, and the database has another message there`, send, row);
  } else if ((message?.version === 1 && message.body !== body) || (row.version === 1 && row.body !== body)) {
    yield lost(`${what}, with another content`, send, row);
  }
}

/** Deleting is final, and of two changes the one with the higher number counts. */
function* judgeChange(
  theCase: Case,
  change: OperationOf<'edit' | 'delete' | 'react' | 'unreact'>,
): Generator<Violation> {
  const { action, message } = change;
  const { conversationId, seq, kind } = action;
  const row = theCase.at(conversationId, seq);
  const what = `The ${kind} of message ${seq} by ${change.client} was acknowledged`;
  if (row === null) yield lost(`${what}, and there is no such message`, change);
  else if ((row.changedSeq ?? 0) < (message?.changedSeq ?? 0)) {
    yield lost(`${what} as change ${message?.changedSeq}, and the message has ${row.changedSeq}`, change, row);
  } else if (kind === 'delete' && !row.isDeleted) yield lost(`${what}, and its text is there`, change, row);
}

function* judgeRead(theCase: Case, read: OperationOf<'read'>): Generator<Violation> {
  const { action, userId, client } = read;
  const member = theCase.conversations.get(action.conversationId)?.members.find((one) => one.userId === userId);
  if (member === undefined || member.readSeq >= action.seq) return;
  const sentence = `${client} has marked ${action.seq} as read, and the position went back to ${member.readSeq}`;
  yield lost(sentence, read, member);
}

/** Each acknowledged removal or leaving has left its own system message. */
function* judgeDepartures(theCase: Case): Generator<Violation> {
  const departures = ofKind(theCase.operations, 'remove', 'leave').filter(({ outcome }) => outcome === 'ok');
  for (const [key, operations] of groupBy(departures, departureKey)) {
    const [first] = operations;
    if (first === undefined) continue;
    const told = theCase.conversations.get(first.action.conversationId)?.messages.filter(({ senderId, data }) => {
      if (data?.event !== 'member_left' && data?.event !== 'member_removed') return false;
      return data.userIds.some((userId) => `${senderId} ${userId}` === key.split(' ').slice(1).join(' '));
    });
    if ((told?.length ?? 0) >= operations.length) continue;
    const sentence = `${first.client}: ${first.action.kind} was acknowledged ${operations.length} times, and happened ${told?.length} times`;
    yield lost(sentence, ...operations);
  }
}

function departureKey({ action, userId }: OperationOf<'remove' | 'leave'>): string {
  return `${action.conversationId} ${userId} ${action.kind === 'remove' ? action.targetId : userId}`;
}

function lost(sentence: string, ...evidence: readonly (Operation | object)[]): Violation {
  return { rule: 'acknowledged-lost', sentence, evidence };
}
