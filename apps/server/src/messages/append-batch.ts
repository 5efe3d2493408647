import { Logger } from '@nestjs/common';
import type { MessageView } from '@parley/contracts';
import type { Pool, PoolClient } from 'pg';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import { TRACES, type Span } from '../common/tracing.js';
import { toMessageView } from '../conversations/timeline.access.js';
import { isConnectionLost, isLockTimeout, isRetryable, isNotNow } from '../database/database-errors.js';
import type { Outbox } from '../database/outbox.js';
import type { Change } from '../events/fact.js';
import { beginBatch } from './send-trace.js';
import type { AppendOutcome, PendingSend, Send } from './send.js';

interface AppendedRow {
  outcome: number;
  seq: number | null;
  member_version: number | null;
  created_at: Date;
  mentioned: string[] | null;
  mentions_all: boolean;
}

interface Answer {
  outboxId: string;
  /** One for each send, in the same order. */
  rows: AppendedRow[];
}

const SQL = `SELECT outcome, seq, member_version, created_at, mentioned, mentions_all
  FROM append_messages($1::uuid, $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::text[])`;

/** Those of the conversations that nobody holds locked at the moment. */
const FREE_SQL = `SELECT h.conversation_id FROM conversation_heads h
  WHERE h.conversation_id = ANY ($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED`;

const STORED = 0;
const STORED_BEFORE = 1;

/** The refusals by the outcome numbers of `append_messages`. */
const REFUSALS: Record<number, () => DomainError> = {
  2: () => new DomainError('client_id_reused', 'This client id was sent before with another content'),
  3: () => new DomainError('conversation_not_found', 'There is no such conversation'),
  4: () => new DomainError('user_blocked', 'One of you has blocked the other'),
  5: () => new DomainError('reply_target_not_found', 'The message it answers does not exist'),
};

/** Pauses between tries; together they outlast a restart of PostgreSQL. */
const PAUSES_MS = [20, 50, 100, 200, 400, 800, 1_500, 2_000];

/**
 * One batch of sends: written in one call, tried again while the outcome is open, published, and
 * answered item by item.
 *
 * A try that PostgreSQL undid, or that never reached it, is simply repeated. When the connection
 * broke after the call was sent, nobody knows whether it was committed: repeating it finds out,
 * because what was stored is found by its client ids (and the outbox sweep publishes it). Only when
 * PostgreSQL stays away is the answer `outcome_unknown`.
 *
 * A conversation whose head somebody holds locked would keep the others waiting. Unless the batch is
 * `patient`, which is for such conversations alone, it goes on without it.
 */
export class AppendBatch {
  private readonly logger = new Logger(AppendBatch.name);
  /** Null while nobody draws traces. */
  private span: Span | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly outbox: Outbox,
    private readonly sends: readonly PendingSend[],
    private readonly options: { patient?: boolean } = {},
  ) {}

  /** Settles every send of the batch, but those that it returns: their conversations are locked. Never throws. */
  async write(): Promise<readonly PendingSend[]> {
    this.span = beginBatch(this.sends);
    const left = await this.tryUntilSettled();
    this.span?.end({ 'parley.locked': left.length });
    return left;
  }

  private async tryUntilSettled(): Promise<readonly PendingSend[]> {
    for (const pause of [...PAUSES_MS, null]) {
      try {
        this.settle(await this.attempt());
        return [];
      } catch (error) {
        const locked = isLockTimeout(error) ? await this.findLocked() : [];
        if (locked.length > 0) return this.goOnWithout(locked);
        if (!isPassing(error)) {
          await this.isolate(error);
          return [];
        }
        if (pause === null) this.giveUp(error);
        else await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return [];
  }

  /** The sends whose conversations are locked; none for a patient batch, or when that cannot be found out. */
  private async findLocked(): Promise<readonly PendingSend[]> {
    if (this.options.patient === true) return [];
    try {
      const ids = this.sends.map(({ send }) => send.conversationId);
      const { rows } = await this.pool.query<{ conversation_id: string }>(FREE_SQL, [ids]);
      const free = new Set(rows.map((row) => row.conversation_id));
      return this.sends.filter(({ send }) => !free.has(send.conversationId));
    } catch {
      return [];
    }
  }

  private async goOnWithout(locked: readonly PendingSend[]): Promise<readonly PendingSend[]> {
    const others = this.sends.filter((pending) => !locked.includes(pending));
    if (others.length === 0) return locked;
    return [...locked, ...(await new AppendBatch(this.pool, this.outbox, others).write())];
  }

  private async attempt(): Promise<Answer> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw new NotReached(error);
    });
    // PostgreSQL commits a statement outside a transaction before it says that it is done.
    const commit = this.span?.begin('commit', { 'db.system.name': 'postgresql' });
    try {
      const answer = await this.call(client);
      commit?.end();
      client.release();
      return answer;
    } catch (error) {
      commit?.end({}, true);
      if (isConnectionLost(error)) for (const pending of this.sends) pending.isUncertain = true;
      client.release(error instanceof Error ? error : true);
      throw error;
    }
  }

  private async call(client: PoolClient): Promise<Answer> {
    const sends = this.sends.map((pending) => pending.send);
    const outboxId = newId();
    const result = await client.query<AppendedRow>({
      name: 'append_messages',
      text: SQL,
      values: [
        outboxId,
        sends.map((send) => send.conversationId),
        sends.map((send) => send.senderId),
        sends.map((send) => send.clientId),
        sends.map((send) => send.body),
        sends.map((send) => send.replyTo),
        this.sends.map((pending) => pending.mentions),
      ],
    });
    return { outboxId, rows: result.rows };
  }

  /** Publishes first, so that nobody is told of a success that others cannot see yet. */
  private settle({ outboxId, rows }: Answer): void {
    const changes: Change[] = [];
    const outcomes = this.sends.map(({ send, trace }, index): AppendOutcome | DomainError => {
      const row = rows[index];
      if (row === undefined) throw new Error('append_messages answered too few rows');
      if (row.outcome === STORED) {
        const message = toMessage(send, row);
        const change = toChange(message, row);
        if (trace !== null) TRACES.cause([change], trace.span);
        changes.push(change);
        return { stored: true, message };
      }
      if (row.outcome === STORED_BEFORE) return { stored: false, seq: row.seq ?? 0 };
      return REFUSALS[row.outcome]?.() ?? new DomainError('internal_error', 'The message could not be judged');
    });
    this.outbox.publishChanges(outboxId, changes);
    this.sends.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome instanceof DomainError) reject(outcome);
      else if (outcome !== undefined) resolve(outcome);
    });
  }

  /** PostgreSQL refused the whole batch: find the item that it cannot take, and keep the others. */
  private async isolate(error: unknown): Promise<void> {
    const [first] = this.sends;
    if (this.sends.length === 1 && first !== undefined) {
      this.logger.error('A message could not be stored', error);
      first.reject(
        first.isUncertain ? unknownOutcome() : new DomainError('internal_error', 'The message could not be stored'),
      );
      return;
    }
    for (const pending of this.sends) {
      await new AppendBatch(this.pool, this.outbox, [pending], { patient: true }).write();
    }
  }

  private giveUp(error: unknown): void {
    this.logger.error(`A batch of ${this.sends.length} messages could not be stored`, error);
    for (const { reject, isUncertain } of this.sends) {
      reject(
        isUncertain
          ? unknownOutcome()
          : new DomainError('service_unavailable', 'The database cannot be reached', { retryInMs: 1_000 }),
      );
    }
  }
}

/** No connection could be had, whatever the reason: nothing has happened. */
class NotReached extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether another try may succeed. */
function isPassing(error: unknown): boolean {
  return error instanceof NotReached || isConnectionLost(error) || isRetryable(error) || isNotNow(error);
}

function unknownOutcome(): DomainError {
  return new DomainError('outcome_unknown', 'The connection to the database broke', { retryInMs: 1_000 });
}

function toMessage(send: Send, row: AppendedRow): MessageView {
  return toMessageView({
    conversation_id: send.conversationId,
    seq: row.seq ?? 0,
    sender_id: send.senderId,
    client_id: send.clientId,
    kind: 'text',
    body: send.body,
    data: null,
    reply_to_seq: send.replyTo,
    created_at: row.created_at,
    edited_at: null,
    deleted_at: null,
    changed_seq: null,
    version: 1,
    mentioned: row.mentioned,
    mentions_all: row.mentions_all,
    reactions: null,
  });
}

function toChange(message: MessageView, row: AppendedRow): Change {
  const { conversationId, seq } = message;
  return [
    {
      type: 'message:sent',
      audience: { conversationId },
      position: { conversationId, seq, memberVersion: row.member_version ?? 0 },
      payload: { conversationId, seq, message },
    },
  ];
}
