import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ErrorCode } from '@parley/contracts';
import { Config } from '../config/config.js';
import { DomainError } from '../common/domain-error.js';
import { Outbox } from '../database/outbox.js';
import { Pools } from '../database/pools.js';
import { AppendBatch } from './append-batch.js';
import type { AppendOutcome, PendingSend, Send } from './send.js';

const BATCH_MAX = 256;
const QUEUE_MAX = 10_000;

/**
 * The one way in which a text enters a conversation.
 *
 * Guarantee: when `append` resolves, the message is committed, has the next number of its
 * conversation, and has been published; when it rejects with anything but `outcome_unknown`, it was
 * not stored. The same client id is stored once, however often and wherever it is sent.
 *
 * How: sends from REST and sockets wait in a few lanes, a conversation always in the same one. While
 * a lane's batch is on its way to PostgreSQL the next fills up, and leaves when the first has
 * returned: one round trip and one commit for up to 256 messages, and no timer. Within a lane the
 * order of arrival is the order of numbers, so what one client sends on one connection keeps its
 * order.
 *
 * Accepted: a batch waits for the slowest head lock in it, at most the lock timeout. Covered by
 * `message-appender.int-spec.ts`.
 */
@Injectable()
export class MessageAppender implements OnModuleDestroy {
  private readonly lanes: Lane[];

  constructor(pools: Pools, outbox: Outbox, config: Config) {
    this.lanes = Array.from({ length: config.database.appendLanes }, () => new Lane(pools, outbox));
  }

  /**
   * Stores and publishes `send`, or finds that it was stored before.
   * @throws DomainError `conversation_not_found`, `user_blocked`, `reply_target_not_found`,
   *   `client_id_reused`, `server_busy`, `service_unavailable`, `outcome_unknown`, `internal_error`
   */
  append(send: Send): Promise<AppendOutcome> {
    const lane = this.lanes[parseInt(send.conversationId.slice(-4), 16) % this.lanes.length];
    if (lane === undefined) throw new Error('There is no lane');
    return lane.append(send);
  }

  /** Resolves when nothing is under way any more. */
  async drain(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.drained()));
  }

  async onModuleDestroy(): Promise<void> {
    await this.drain();
  }
}

/** Batches that follow one another. */
class Lane {
  private queue: PendingSend[] = [];
  /** Sends under way by who and what, so that a retry waits for the first instead of racing it. */
  private readonly underWay = new Map<string, Promise<AppendOutcome>>();
  private running: Promise<void> | null = null;

  constructor(
    private readonly pools: Pools,
    private readonly outbox: Outbox,
  ) {}

  async append(send: Send): Promise<AppendOutcome> {
    const key = `${send.conversationId}${send.senderId}${send.clientId}`;
    for (let first = this.underWay.get(key); first !== undefined; first = this.underWay.get(key)) {
      await first.catch(() => undefined);
    }
    const outcome = this.enqueue(send);
    this.underWay.set(key, outcome);
    try {
      return await outcome;
    } finally {
      this.underWay.delete(key);
    }
  }

  async drained(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  private enqueue(send: Send): Promise<AppendOutcome> {
    if (this.queue.length >= QUEUE_MAX) {
      return Promise.reject(refusal('server_busy', 'Too many messages are waiting', 1_000));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ send, resolve, reject });
      this.running ??= this.run();
    });
  }

  private async run(): Promise<void> {
    // One turn of the event loop: everything that has arrived by now leaves in the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const sends = this.queue.splice(0, BATCH_MAX);
      await new AppendBatch(this.pools.messaging, this.outbox, sends).write();
    }
    this.running = null;
  }
}

function refusal(code: ErrorCode, message: string, retryInMs: number): DomainError {
  return new DomainError(code, message, { retryInMs });
}
