import { inspect } from 'node:util';
import { ParleyClient, type ParleyClientOptions, type Store } from '@parley/client';
import { eventually } from './eventually.js';
import type { Person } from './people.js';

/** The clients of one test file. Close them all in `afterEach` or `afterAll`. */
export class Clients {
  private readonly opened: ParleyClient[] = [];

  constructor(private readonly app: { url: string }) {}

  /** A client of nobody yet. */
  open(options: Partial<ParleyClientOptions> = {}): ParleyClient {
    const client = new ParleyClient({ url: this.app.url, ...options });
    this.opened.push(client);
    return client;
  }

  /** Another device of this person, online. */
  async of({ username, password }: Person, options: Partial<ParleyClientOptions> = {}): Promise<ParleyClient> {
    const client = this.open(options);
    await client.login({ username, password });
    await online(client);
    return client;
  }

  closeAll(): void {
    for (const client of this.opened.splice(0)) client.close();
  }
}

/** Waits until the client is connected and in step. */
export async function online(client: ParleyClient): Promise<void> {
  await until(client.connection, ({ state }) => state === 'online');
}

/** Waits until a store shows what it should, and returns what it shows. */
export async function until<T>(store: Store<T>, is: (snapshot: T) => boolean, withinMs = 30_000): Promise<T> {
  return eventually(() => {
    const snapshot = store.getSnapshot();
    if (!is(snapshot)) throw new Error(`It still shows ${inspect(snapshot, { depth: 6 })}`);
    return snapshot;
  }, withinMs);
}
