import type { Action, HistoryEvent, Observer, TimedEvent } from '../history/history-event.js';
import type { Message } from '../history/message.js';

/** An invocation and what became of it. */
export interface Operation extends Observer {
  id: number;
  action: Action;
  /** Its place in the history. */
  invokedAt: number;
  outcome: 'ok' | 'fail' | 'unknown';
  /** Why it is not ok. */
  code: string | null;
  /** The message of the answer. */
  message: Message | null;
  duplicate: boolean;
}

export type OperationOf<K extends Action['kind']> = Operation & { action: Extract<Action, { kind: K }> };

/** The operations of a history in the order of their invocations. One that was never answered is unknown. */
export function operationsOf(history: readonly TimedEvent[]): Operation[] {
  const operations = new Map<number, Operation>();
  for (const [index, event] of history.entries()) {
    if (event.type === 'invoke') operations.set(event.operation, begin(event, index));
    else if (event.type === 'ok' || event.type === 'fail' || event.type === 'unknown') {
      Object.assign(operations.get(event.operation) ?? {}, endOf(event));
    }
  }
  return [...operations.values()];
}

export function ofKind<K extends Action['kind']>(operations: readonly Operation[], ...kinds: K[]): OperationOf<K>[] {
  const isOfKind = (operation: Operation): operation is OperationOf<K> =>
    kinds.some((kind) => kind === operation.action.kind);
  return operations.filter(isOfKind);
}

function begin(event: Extract<HistoryEvent, { type: 'invoke' }>, invokedAt: number): Operation {
  const { operation: id, action, client, userId, connection } = event;
  const open = { outcome: 'unknown', code: 'unanswered', message: null, duplicate: false } as const;
  return { id, action, client, userId, connection, invokedAt, ...open };
}

function endOf(event: Extract<HistoryEvent, { type: 'ok' | 'fail' | 'unknown' }>): Partial<Operation> {
  if (event.type === 'ok') {
    return { outcome: 'ok', code: null, message: event.message, duplicate: event.duplicate };
  }
  return { outcome: event.type, code: event.code };
}
