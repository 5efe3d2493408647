import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ErrorCode } from '@parley/contracts';
import { Config } from '../config/config.js';
import { DomainError } from '../common/domain-error.js';
import { ShortLivedMap } from '../common/short-lived-map.js';
import { SIGNALS } from '../common/signals.js';
import { Outbox } from '../database/outbox.js';
import { Pools } from '../database/pools.js';
import { AppendBatch } from './append-batch.js';
import { BatchPacing } from './batch-pacing.js';
import { toMentionTokens } from './mentions.js';
import { SendTrace } from './send-trace.js';
import { PendingSend, type AppendOutcome, type Send } from './send.js';

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
 * returned, or a few milliseconds later where many people write (`BatchPacing`): one round trip
 * and one commit for up to 256 messages. Within a lane the order of arrival is the order of
 * numbers, so what one client sends on one connection keeps its order.
 *
 * Accepted: a batch waits for the slowest head lock in it, for a quarter of a second at most. A
 * conversation that is locked for longer is put aside with everything that is sent to it, and the rest
 * goes on. Covered by `message-appender.int-spec.ts`.
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

/**
 * Batches that follow one another. One lane is the default: half as many lanes make batches twice as large,
 * and a batch costs as much as twenty messages do.
 */
class Lane {
  private queue: PendingSend[] = [];
  /** The conversations that somebody holds locked, and what waits for them. */
  private readonly aside = new Map<string, PendingSend[]>();
  private readonly workingAside = new Set<Promise<void>>();
  /** Sends under way by their client ids; of several with one id the latest. */
  private readonly underWay = new ShortLivedMap<string, PendingSend>();
  private readonly pacing = new BatchPacing();
  private running: Promise<void> | null = null;
  /** Since when the oldest message of the queue waits. */
  private waitingSince = 0;

  constructor(
    private readonly pools: Pools,
    private readonly outbox: Outbox,
  ) {}

  /**
   * A repetition has a place in the line of its own, behind what it repeats: should that fail, it comes before
   * whatever was sent after it (P4). While the first still waits for its batch, both get its outcome, because a
   * batch that has the same twice is refused as a whole, and then stored one by one.
   */
  append(send: Send): Promise<AppendOutcome> {
    // By the client id alone, which is nearly always somebody's own.
    const earlier = this.underWay.get(send.clientId);
    if (earlier === undefined || earlier.isBegun) return this.enqueue(send);
    if (isSame(earlier.send, send)) return earlier.outcome.then(toRepeated);
    return this.appendAfter(earlier, send);
  }

  /** For whoever shares a client id with another text or somebody else: they wait for each other. */
  private async appendAfter(earlier: PendingSend, send: Send): Promise<AppendOutcome> {
    await earlier.outcome.catch(() => undefined);
    return this.append(send);
  }

  async drained(): Promise<void> {
    while (this.running !== null || this.workingAside.size > 0) {
      await Promise.all([this.running, ...this.workingAside]);
    }
  }

  private enqueue(send: Send): Promise<AppendOutcome> {
    const aside = this.aside.get(send.conversationId);
    const queue = aside ?? this.queue;
    if (queue.length >= QUEUE_MAX) {
      return Promise.reject(refusal('server_busy', 'Too many messages are waiting', 1_000));
    }
    const pending = new PendingSend(send, toMentionTokens(send.body), SendTrace.begin());
    if (this.queue.length === 0) this.waitingSince = performance.now();
    queue.push(pending);
    this.pacing.note(send.senderId, this.queue.length);
    if (aside === undefined) this.running ??= this.run();
    return this.follow(pending);
  }

  private async follow(pending: PendingSend): Promise<AppendOutcome> {
    const { clientId } = pending.send;
    this.underWay.set(clientId, pending);
    try {
      return await pending.outcome;
    } finally {
      if (this.underWay.get(clientId) === pending) this.underWay.delete(clientId);
    }
  }

  private async run(): Promise<void> {
    // One turn of the event loop: everything that has arrived by now leaves in the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const begun = performance.now();
      const waited = (begun - this.waitingSince) / 1_000;
      const sends = begin(this.queue);
      this.waitingSince = begun;
      this.putAside(await new AppendBatch(this.pools.messaging, this.outbox, sends).write());
      SIGNALS.batch.tell({ messages: sends.length, waited, seconds: (performance.now() - begun) / 1_000 });
      await this.pacing.rest(begun, () => this.queue.length);
    }
    this.running = null;
  }

  /** Takes these conversations out of the lane, with what was sent to them since, in its order. */
  private putAside(locked: readonly PendingSend[]): void {
    for (const pending of locked) pending.isBegun = false;
    for (const id of new Set(locked.map(({ send }) => send.conversationId))) {
      const isOfIt = ({ send }: PendingSend): boolean => send.conversationId === id;
      const waiting = [...locked.filter(isOfIt), ...this.queue.filter(isOfIt)];
      this.queue = this.queue.filter((pending) => !isOfIt(pending));
      this.aside.set(id, waiting);
      const working = this.workOff(id, waiting).finally(() => this.workingAside.delete(working));
      this.workingAside.add(working);
    }
  }

  private async workOff(conversationId: string, waiting: PendingSend[]): Promise<void> {
    while (waiting.length > 0) {
      const sends = begin(waiting);
      await new AppendBatch(this.pools.lockedMessaging, this.outbox, sends, { patient: true }).write();
    }
    this.aside.delete(conversationId);
  }
}

/** Takes the next batch out of a line. */
function begin(line: PendingSend[]): PendingSend[] {
  const sends = line.splice(0, BATCH_MAX);
  for (const pending of sends) pending.isBegun = true;
  return sends;
}

/** Whether the second is the first once more. */
function isSame(first: Send, second: Send): boolean {
  return (
    first.conversationId === second.conversationId &&
    first.senderId === second.senderId &&
    first.body === second.body &&
    first.replyTo === second.replyTo
  );
}

/** What a repetition is told when the first was stored. */
function toRepeated(outcome: AppendOutcome): AppendOutcome {
  return outcome.stored ? { stored: false, seq: outcome.message.seq } : outcome;
}

function refusal(code: ErrorCode, message: string, retryInMs: number): DomainError {
  return new DomainError(code, message, { retryInMs });
}
