import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

interface Trap {
  text: string;
  /** What the connection must have sent before; null for nothing. */
  since: string | null;
  /** Whether the server gets to see the text. */
  passOn: boolean;
  /** Whether nobody can connect from then on. */
  refuse: boolean;
  spring: () => void;
}

/** Stands between a client and a server, and can break their connections at the worst moment. */
export class CuttingProxy {
  /** What the server said when a connection was cut, and nobody heard. */
  readonly swallowed: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  /** Swallow the server's answers and break the connection when the next one comes. */
  private cutting = false;
  private refusing = false;
  private trap: Trap | null = null;
  private sprung: Promise<void> = Promise.resolve();
  private readonly silenced = new WeakSet<Socket>();

  private constructor(
    private readonly host: string,
    private readonly port: number,
  ) {
    this.server = createServer((client) => this.join(client));
  }

  static async to(host: string, port: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(host, port);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get localPort(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on no answer arrives any more, and nobody can connect again. */
  cutAnswers(): void {
    this.cutting = true;
    this.refusing = true;
  }

  /** Resolves when the connection that {@link cutAt} was for is broken. */
  get cut(): Promise<void> {
    return this.sprung;
  }

  /**
   * Breaks the next connection on which a client sends `text`, before the server sees it, or after it
   * has answered; with `since`, the next one that has sent that before.
   */
  cutAt(text: string, when: 'before' | 'after', options: { refuse?: boolean; since?: string } = {}): void {
    const { refuse = false, since = null } = options;
    const passOn = when === 'after';
    this.sprung = new Promise((resolve) => (this.trap = { text, since, passOn, refuse, spring: resolve }));
  }

  /** The connections there are stay open, but no answer arrives on them; new ones work. */
  silence(): void {
    for (const socket of this.sockets) this.silenced.add(socket);
  }

  /** Lets everything pass again. */
  heal(): void {
    this.cutting = false;
    this.refusing = false;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    if (this.refusing) {
      client.destroy();
      return;
    }
    const server = connect(this.port, this.host);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    let armed: Trap | null = null;
    let doomed: Trap | null = null;
    client.on('data', (data) => {
      if (this.trap !== null && (this.trap.since === null || data.includes(this.trap.since))) armed = this.trap;
      const trap = this.trap !== null && armed === this.trap && data.includes(this.trap.text) ? this.trap : null;
      if (trap !== null) {
        this.trap = null;
        this.refusing = trap.refuse;
        doomed = trap;
        client.once('close', trap.spring);
      }
      if (trap?.passOn === false) client.destroy();
      else server.write(data);
    });
    server.on('data', (data) => {
      if (this.cutting || doomed !== null) {
        this.swallowed.push(data.toString());
        client.destroy();
      } else if (!this.silenced.has(client)) client.write(data);
    });
  }
}
