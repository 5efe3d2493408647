import { WebSocket } from 'ws';

/** A WebSocket that speaks Engine.IO by hand, for what no Socket.IO client would send. */
export class RawSocket {
  readonly received: string[] = [];
  readonly closed: Promise<number>;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly ws: WebSocket) {
    this.closed = new Promise((resolve) => ws.once('close', resolve));
    ws.on('error', () => undefined);
    ws.on('message', (data: Buffer) => {
      this.received.push(data.toString());
      for (const look of this.waiting) look();
    });
  }

  /** Opens the connection, without asking for a namespace. */
  static async open(app: { url: string }, headers: Record<string, string> = {}): Promise<RawSocket> {
    const url = `${app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const raw = new RawSocket(new WebSocket(url, { headers }));
    await raw.packet('0');
    return raw;
  }

  /** Opens it and gets let in with this token. */
  static async connect(app: { url: string }, person: { accessToken: string }): Promise<RawSocket> {
    const raw = await RawSocket.open(app);
    raw.send(`40${JSON.stringify({ token: person.accessToken })}`);
    await raw.packet('42["ready"');
    return raw;
  }

  send(data: string | Buffer): void {
    this.ws.send(data);
  }

  /** Sends an event with an ack and returns what the ack says. */
  async ask(id: number, event: unknown[]): Promise<unknown> {
    this.send(`42${id}${JSON.stringify(event)}`);
    return this.ack(id);
  }

  async ack(id: number): Promise<unknown> {
    const packet = await this.packet(`43${id}[`);
    return (JSON.parse(packet.slice(`43${id}`.length)) as unknown[])[0];
  }

  /** The first packet that begins so. */
  async packet(prefix: string, withinMs = 15_000): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    let look: () => void = () => undefined;
    try {
      return await new Promise<string>((resolve, reject) => {
        const fail = (why: string): void => reject(new Error(`${why}: ${this.received.slice(-5).join(' | ')}`));
        timer = setTimeout(() => fail(`no ${prefix} within ${withinMs} ms`), withinMs);
        look = () => {
          const found = this.received.find((packet) => packet.startsWith(prefix));
          if (found !== undefined) resolve(found);
        };
        this.waiting.add(look);
        look();
        void this.closed.then((code) => fail(`closed with ${code} before ${prefix}`));
      });
    } finally {
      clearTimeout(timer);
      this.waiting.delete(look);
    }
  }

  close(): void {
    this.ws.terminate();
  }
}
