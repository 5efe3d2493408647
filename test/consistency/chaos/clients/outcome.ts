import type { Ack, MessageView } from '@parley/contracts';
import type { Outcome } from '../history/history.js';
import { toMessage } from '../history/message.js';

/** An answer as a client reads it by `docs/protocol.md`, with what it says about trying again. */
export interface Answer<T> {
  outcome: Outcome;
  data: T | null;
  isWorthRetrying: boolean;
}

interface Refusal {
  code: string;
  retryable: boolean;
}

export function succeeded<T>(data: T): Answer<T> {
  const duplicate = (data as { duplicate?: boolean } | null)?.duplicate ?? false;
  return { outcome: { type: 'ok', message: messageIn(data), duplicate }, data, isWorthRetrying: false };
}

/** `outcome_unknown` says that nobody knows; every other refusal says that nothing was done. */
export function refused<T>({ code, retryable }: Refusal): Answer<T> {
  const type = code === 'outcome_unknown' ? 'unknown' : 'fail';
  return { outcome: { type, code }, data: null, isWorthRetrying: retryable };
}

/** Nobody answered: the connection broke, or it took too long. */
export function unanswered<T>(code: string): Answer<T> {
  return { outcome: { type: 'unknown', code }, data: null, isWorthRetrying: true };
}

export function ofAck<T>(ack: Ack<T>): Answer<T> {
  return ack.ok ? succeeded(ack.data) : refused(ack.error);
}

function messageIn(data: unknown): Outcome extends { message: infer M } ? M : ReturnType<typeof toMessage> | null {
  const isMessage = data !== null && typeof data === 'object' && 'seq' in data && 'senderId' in data;
  return isMessage ? toMessage(data as MessageView) : null;
}
