import { createClient } from '@redis/client';
import type { Change } from '../fact.js';
import { encodeChanges } from './envelope.js';
import { LinkedFanOut, type FanOutTiming, type Link, type LinkEvents } from './linked-fan-out.js';

export interface RedisFanOutOptions {
  url: string;
  /** Channels begin with this; the epoch follows, so that servers of other databases do not meet. */
  prefix?: string;
  timing?: FanOutTiming;
}

const CONNECT_WITHIN_MS = 3_000;

/**
 * Fan-out over Redis pub/sub, on one channel for all nodes of an epoch: every node serves members of
 * almost every active conversation, so channels by conversation would have the same listeners.
 *
 * A connection in subscriber mode cannot publish, hence two of them, which live and die together.
 */
export class RedisFanOut extends LinkedFanOut {
  constructor(private readonly options: RedisFanOutOptions) {
    super(options.timing);
  }

  protected pack(changes: readonly Change[]): string[] {
    return [
      encodeChanges(
        this.sender,
        changes.map((change) => JSON.stringify(change)),
      ),
    ];
  }

  protected async open(events: LinkEvents): Promise<Link> {
    const channel = `${this.options.prefix ?? 'parley'}:${this.sender.epoch}`;
    const publisher = this.createClient(events);
    const subscriber = this.createClient(events);
    const close = async (): Promise<void> => {
      publisher.destroy();
      subscriber.destroy();
    };
    try {
      await Promise.all([publisher.connect(), subscriber.connect()]);
      await subscriber.subscribe(channel, events.heard);
    } catch (error) {
      await close();
      throw error;
    }
    return {
      transmit: async (texts) => {
        await Promise.all(texts.map((text) => publisher.publish(channel, text)));
      },
      close,
    };
  }

  private createClient(events: LinkEvents) {
    const client = createClient({
      url: this.options.url,
      name: 'parley-fan-out',
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_WITHIN_MS, reconnectStrategy: false },
    });
    return client.on('error', events.lost);
  }
}
