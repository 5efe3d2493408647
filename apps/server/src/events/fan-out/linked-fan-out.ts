import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { OccasionalLog } from '../../common/occasional-log.js';
import type { Change } from '../fact.js';
import { FanOutDriver, type FanOutReceiver } from '../fan-out.driver.js';
import { decodeEnvelope, encodeCanary, type Sender } from './envelope.js';
import { SendQueue, type Waiting } from './send-queue.js';

/** An open connection to whatever carries the envelopes. */
export interface Link {
  /** Settles when the carrier has taken all of `texts`; rejects when it may not have. */
  transmit(texts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface LinkEvents {
  readonly heard: (text: string) => void;
  /** The link is of no use any more. */
  readonly lost: (error: Error) => void;
}

export interface FanOutTiming {
  /** How often a node sends something that it must hear itself. */
  readonly canaryMs: number;
  /** Without hearing itself for so long, a node counts as deaf and makes a new link. */
  readonly deafMs: number;
  /** The first and the longest pause before connecting anew. */
  readonly retryMs: readonly [number, number];
}

export const FAN_OUT_TIMING: FanOutTiming = { canaryMs: 2_000, deafMs: 5_000, retryMs: [50, 2_000] };

const WAIT_AT_START_MS = 2_000;
const WAIT_AT_STOP_MS = 500;

/**
 * What every driver over a network needs: who sent an envelope and of which epoch, a bounded queue
 * of what is to be sent, reconnecting, and knowing whether it still hears.
 *
 * Guarantee: within one link and one sender, order. Accepted: while there is no link, the newest few
 * seconds are kept and older envelopes are dropped; what was on its way when a link broke may be sent
 * twice. A node that does not hear its own canary any more is not healthy and makes a new link, which
 * also gets it out of connections that died without saying so. Covered by `fan-out.int-spec.ts`.
 */
export abstract class LinkedFanOut extends FanOutDriver {
  protected readonly log = new OccasionalLog(new Logger(this.constructor.name));
  protected sender: Sender = { node: randomUUID(), epoch: '' };
  private readonly queue = new SendQueue();
  private receiver: FanOutReceiver | null = null;
  private link: Link | null = null;
  private linkedAt = 0;
  private heardAt = -Infinity;
  private retries = 0;
  private busy = false;
  private transmission: Promise<void> = Promise.resolve();
  private canary: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly timing: FanOutTiming = FAN_OUT_TIMING) {
    super();
  }

  /** Makes a connection that hears envelopes of the sender's epoch, or rejects. */
  protected abstract open(events: LinkEvents): Promise<Link>;

  /** Turns changes into envelopes that the carrier can take. */
  protected abstract pack(changes: readonly Change[]): string[];

  get healthy(): boolean {
    return this.link !== null && performance.now() - this.heardAt < this.timing.deafMs;
  }

  async start(epoch: string): Promise<void> {
    this.sender = { ...this.sender, epoch };
    this.canary = setInterval(() => this.sing(), this.timing.canaryMs).unref();
    await settledWithin(this.connect(), WAIT_AT_START_MS);
  }

  onReceive(receiver: FanOutReceiver): void {
    this.receiver = receiver;
  }

  send(changes: readonly Change[]): void {
    if (this.sender.epoch === '' || this.stopped) return;
    try {
      this.enqueue(this.pack(changes));
    } catch (error) {
      this.log.warn(`Changes could not be packed: ${messageOf(error)}`);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.canary);
    clearTimeout(this.retry);
    this.stopped = true;
    await settledWithin(this.transmission, WAIT_AT_STOP_MS);
    await settledWithin(this.drop(), WAIT_AT_STOP_MS);
  }

  private enqueue(texts: readonly string[]): void {
    for (const text of texts) this.queue.push(text);
    if (!this.busy) this.transmission = this.transmitAll();
  }

  /** One transmission at a time, so that envelopes keep their order; what waits goes with the next. */
  private async transmitAll(): Promise<void> {
    this.busy = true;
    try {
      for (;;) {
        const link = this.link;
        const entries = link === null ? [] : this.queue.take();
        if (link === null || entries.length === 0) return;
        await this.transmit(link, entries);
      }
    } finally {
      this.busy = false;
    }
  }

  private async transmit(link: Link, entries: readonly Waiting[]): Promise<void> {
    try {
      await link.transmit(entries.map((entry) => entry.text));
    } catch (error) {
      this.queue.putBack(entries);
      this.lose(link, error);
    }
  }

  private async connect(): Promise<void> {
    let link: Link | null = null;
    try {
      link = await this.open({
        heard: (text) => this.hear(text),
        // NOTE: a link that is lost before it is in use is found out by the canary.
        lost: (error) => link !== null && this.lose(link, error),
      });
      this.link = link;
      if (this.stopped) {
        await this.drop();
        return;
      }
      this.linkedAt = performance.now();
      this.enqueue([encodeCanary(this.sender)]);
    } catch (error) {
      this.log.warn(`There is no link to the other nodes: ${messageOf(error)}`);
      this.connectLater();
    }
  }

  private lose(link: Link, error: unknown): void {
    if (this.link !== link || this.stopped) return;
    this.log.warn(`The link to the other nodes broke: ${messageOf(error)}`);
    void this.drop();
    this.connectLater();
  }

  private async drop(): Promise<void> {
    const link = this.link;
    this.link = null;
    await link?.close().catch(() => undefined);
  }

  private connectLater(): void {
    if (this.stopped) return;
    const [first, longest] = this.timing.retryMs;
    const pause = Math.min(longest, first * 2 ** this.retries) * (0.5 + Math.random());
    this.retries += 1;
    this.retry = setTimeout(() => void this.connect(), pause).unref();
  }

  /** Sends the canary, and gives up a link that has not brought one back. */
  private sing(): void {
    if (this.link === null) return;
    if (performance.now() - Math.max(this.heardAt, this.linkedAt) > this.timing.deafMs) {
      this.lose(this.link, new Error('nothing came back'));
      return;
    }
    this.enqueue([encodeCanary(this.sender)]);
  }

  private hear(text: string): void {
    const envelope = decodeEnvelope(text);
    if (envelope === null || envelope.epoch !== this.sender.epoch) return;
    if (envelope.node === this.sender.node) {
      this.heardAt = performance.now();
      this.retries = 0;
      return;
    }
    if (envelope.changes !== undefined) this.receiver?.changed(envelope.changes);
    if (envelope.hint !== undefined) this.receiver?.hinted(envelope.hint);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Waits until `work` is done, however it ends, but not longer than `ms`. */
async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
