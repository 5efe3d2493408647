import { fileURLToPath } from 'node:url';
import type { Person } from '../people/population.js';
import type { SocketAddress } from '../wire/light-socket.js';
import type { ChatSystem, ServerOptions } from './chat-system.js';
import { onPort, ServerProcess, TELL_MEMORY, type Memory } from './server-process.js';

const ENTRY = fileURLToPath(new URL('../peers/bare-socket-io.mjs', import.meta.url));

/** Socket.IO alone: it believes whatever a client says and keeps nothing. */
export class BareSocketIo implements ChatSystem {
  readonly name = 'bare Socket.IO';

  private constructor(
    private readonly process: ServerProcess,
    readonly address: SocketAddress,
  ) {}

  static async start(options: ServerOptions = {}): Promise<BareSocketIo> {
    return onPort(options.port, (port) => BareSocketIo.startOn(port, options));
  }

  private static async startOn(port: number, { tellsMemory = false }: ServerOptions): Promise<BareSocketIo> {
    const args = [...(tellsMemory ? TELL_MEMORY : []), ENTRY];
    const process = new ServerProcess(args, { NODE_ENV: 'production', PORT: String(port) });
    try {
      await process.ready(`http://127.0.0.1:${port}/`);
      return new BareSocketIo(process, { port, readyMark: '40' });
    } catch (error) {
      await process.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.process.pid;
  }

  get output(): string {
    return this.process.output;
  }

  /** Everybody exists here. */
  async admit(): Promise<void> {
    return Promise.resolve();
  }

  credentialsOf({ userId, conversationIds }: Person): string {
    return JSON.stringify({ userId, rooms: conversationIds });
  }

  memory(): Promise<Memory> {
    return this.process.memory();
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
