import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A connection that goes through the link: what a client opened, and what was opened for it. */
interface Pair {
  client: Socket;
  server: Socket;
  /** Whether bytes vanish, as behind a router that has forgotten the connection. */
  isHalfOpen: boolean;
}

export interface LinkTarget {
  host: string;
  port: number;
}

/**
 * A network cable of the test's own: clients connect to its one port, whatever becomes of the server behind it.
 * It can break connections, forget them, or hold back their bytes.
 */
export class Link {
  private readonly pairs = new Set<Pair>();
  private readonly server: Server;
  private isUp = true;
  private stalls: 'nothing' | 'everything' | 'answers' = 'nothing';
  private bytesPerSecond = Infinity;
  private readonly pace: NodeJS.Timeout;

  private constructor(private behind: LinkTarget) {
    this.server = createServer({ pauseOnConnect: true }, (client) => this.join(client));
    this.pace = setInterval(() => this.let(), PACE_MS).unref();
  }

  static async to(target: LinkTarget): Promise<Link> {
    const link = new Link(target);
    await new Promise<void>((resolve) => link.server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get target(): LinkTarget {
    return this.behind;
  }

  /** What is behind it from now on. */
  retarget(target: LinkTarget): void {
    this.behind = target;
  }

  /** Breaks every connection there is; new ones work. */
  reset(): void {
    for (const { client, server } of [...this.pairs]) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Nobody can connect, and who was connected is not any more, until `up`. */
  down(): void {
    this.isUp = false;
    this.reset();
  }

  up(): void {
    this.isUp = true;
  }

  /** The connections there are stay open, and nothing arrives on them in either direction; new ones work. */
  forget(): void {
    for (const pair of this.pairs) pair.isHalfOpen = true;
  }

  /** Ends those that were forgotten: what was lost on them is lost. */
  endForgotten(): void {
    for (const { client, server, isHalfOpen } of [...this.pairs]) {
      if (!isHalfOpen) continue;
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Holds every byte, or only those for the clients, until `flow`: nothing is lost. */
  stall(what: 'everything' | 'answers' = 'everything'): void {
    this.stalls = what;
    for (const pair of this.pairs) this.turn(pair);
  }

  /** Lets through so many bytes a second in each direction. */
  throttle(bytesPerSecond: number): void {
    this.bytesPerSecond = bytesPerSecond;
  }

  flow(): void {
    this.stalls = 'nothing';
    this.bytesPerSecond = Infinity;
    for (const pair of this.pairs) this.turn(pair);
  }

  async close(): Promise<void> {
    clearInterval(this.pace);
    this.reset();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    if (!this.isUp) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.behind.port, this.behind.host);
    const pair = { client, server, isHalfOpen: false };
    this.pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.pairs.delete(pair);
        client.destroy();
        server.destroy();
      });
    }
    this.carry(pair, client, server);
    this.carry(pair, server, client);
    this.turn(pair);
  }

  private carry(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (data: Buffer) => {
      if (pair.isHalfOpen || to.destroyed) return;
      const isTaken = to.write(data);
      this.taken += data.length;
      if (isTaken && this.taken <= this.allowance) return;
      from.pause();
      if (!isTaken) to.once('drain', () => this.turn(pair));
    });
    from.on('end', () => to.end());
  }

  private taken = 0;

  private get allowance(): number {
    return (this.bytesPerSecond * PACE_MS) / 1_000;
  }

  /** A new stretch of time: what was paused for its pace goes on. */
  private let(): void {
    if (this.taken === 0) return;
    this.taken = 0;
    if (this.bytesPerSecond !== Infinity) for (const pair of this.pairs) this.turn(pair);
  }

  private turn({ client, server }: Pair): void {
    if (this.stalls === 'everything') client.pause();
    else if (!server.writableNeedDrain) client.resume();
    if (this.stalls !== 'nothing') server.pause();
    else if (!client.writableNeedDrain) server.resume();
  }
}

const PACE_MS = 50;
