import { Logger } from '@nestjs/common';
import type { MessageView } from '@parley/contracts';
import type { Pool, PoolClient } from 'pg';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import { toMessageView } from '../conversations/timeline.access.js';
import { isConnectionLost, isRetryable, isNotNow } from '../database/database-errors.js';
import type { Outbox } from '../database/outbox.js';
import type { Change } from '../events/fact.js';
import type { AppendOutcome, PendingSend, Send } from './send.js';

interface AppendedRow {
  outcome: number;
  seq: number | null;
  member_version: number | null;
  created_at: Date;
}

interface Answer {
  outboxId: string;
  /** One for each send, in the same order. */
  rows: AppendedRow[];
}

const SQL = `SELECT outcome, seq, member_version, created_at
  FROM append_messages($1::uuid, $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[])`;

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
 */
export class AppendBatch {
  private readonly logger = new Logger(AppendBatch.name);
  /** Whether an earlier try may have been committed without our knowing. */
  private uncertain = false;

  constructor(
    private readonly pool: Pool,
    private readonly outbox: Outbox,
    private readonly sends: readonly PendingSend[],
  ) {}

  /** Settles every send of the batch. Never throws. */
  async write(): Promise<void> {
    for (const pause of [...PAUSES_MS, null]) {
      try {
        this.settle(await this.attempt());
        return;
      } catch (error) {
        if (!isConnectionLost(error) && !isRetryable(error) && !isNotNow(error)) {
          await this.isolate(error);
          return;
        }
        if (pause === null) this.giveUp(error);
        else await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  private async attempt(): Promise<Answer> {
    const client = await this.pool.connect();
    try {
      const answer = await this.call(client);
      client.release();
      return answer;
    } catch (error) {
      if (isConnectionLost(error)) this.uncertain = true;
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
      ],
    });
    return { outboxId, rows: result.rows };
  }

  /** Publishes first, so that nobody is told of a success that others cannot see yet. */
  private settle({ outboxId, rows }: Answer): void {
    const changes: Change[] = [];
    const outcomes = this.sends.map(({ send }, index): AppendOutcome | DomainError => {
      const row = rows[index];
      if (row === undefined) throw new Error('append_messages answered too few rows');
      if (row.outcome === STORED) {
        const message = toMessage(send, row);
        changes.push(toChange(message, row));
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
      first.reject(new DomainError('internal_error', 'The message could not be stored'));
      return;
    }
    for (const pending of this.sends) await new AppendBatch(this.pool, this.outbox, [pending]).write();
  }

  private giveUp(error: unknown): void {
    this.logger.error(`A batch of ${this.sends.length} messages could not be stored`, error);
    for (const { reject } of this.sends) {
      reject(
        this.uncertain
          ? new DomainError('outcome_unknown', 'The connection to the database broke', { retryInMs: 1_000 })
          : new DomainError('service_unavailable', 'The database cannot be reached', { retryInMs: 1_000 }),
      );
    }
  }
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
