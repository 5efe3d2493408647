import { ParleyClient, type Store } from '@parley/client';

/** The team. Robin is whoever watches the demo: an account that waits for them. */
export const TEAM = {
  mara: 'Mara Lindt',
  jonas: 'Jonas Weber',
  ines: 'Ines Duarte',
  tomek: 'Tomek Nowak',
  robin: 'Robin Sommer',
} as const;

export type Name = keyof typeof TEAM;

export const NAMES = Object.keys(TEAM) as Name[];

/** It is a demo: everybody's is the same, and anybody may know it. */
export const PASSWORD = 'parley-demo';

const SOON_MS = 30_000;

/** Everybody's client, each logged in and connected. */
export class Stage {
  private constructor(
    readonly url: string,
    private readonly clients: Readonly<Record<Name, ParleyClient>>,
  ) {}

  /** Registers the team at a server where nobody of them is known. @throws ParleyError `username_taken` */
  static async open(url: string): Promise<Stage> {
    const clients = await Promise.all(
      NAMES.map(async (username) => {
        const client = new ParleyClient({ url });
        await client.register({ username, password: PASSWORD, displayName: TEAM[username] });
        await until(client.connection, ({ state }) => state === 'online');
        await until(client.me, (profile) => profile !== null);
        return [username, client] as const;
      }),
    );
    return new Stage(url, Object.fromEntries(clients) as Record<Name, ParleyClient>);
  }

  client(name: Name): ParleyClient {
    return this.clients[name];
  }

  id(name: Name): string {
    const { id } = this.clients[name].me.getSnapshot() ?? {};
    if (id === undefined) throw new Error(`${name} is not logged in`);
    return id;
  }

  ids(...names: Name[]): string[] {
    return names.map((name) => this.id(name));
  }

  /** Whose id it is; undefined for somebody who registered during the demo. */
  nameOf(id: string): Name | undefined {
    return NAMES.find((name) => this.clients[name].me.getSnapshot()?.id === id);
  }

  close(): void {
    for (const client of Object.values(this.clients)) client.close();
  }
}

/** Waits until a store shows what it should, and returns what it shows. @throws Error after half a minute */
export async function until<T>(store: Store<T>, shows: (snapshot: T) => boolean): Promise<T> {
  let stop: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('The server did not show it in time')), SOON_MS);
      const look = (): void => {
        const snapshot = store.getSnapshot();
        if (shows(snapshot)) resolve(snapshot);
      };
      stop = store.subscribe(look);
      look();
    });
  } finally {
    stop();
    clearTimeout(timer);
  }
}
