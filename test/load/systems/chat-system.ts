import type { Person, Population } from '../people/population.js';
import type { SocketAddress } from '../wire/light-socket.js';
import type { Memory } from './server-process.js';

/** A server under load: Parley, or what it is compared with. */
export interface ChatSystem {
  readonly name: SystemName;
  readonly address: SocketAddress;
  /** The process at the top of the server's tree. */
  readonly pid: number;
  /** Lets these people exist, with their conversations. */
  admit(population: Population): Promise<void>;
  /** What a person shows when they connect, as JSON. */
  credentialsOf(person: Person): string;
  /** What the server has said about itself last, for when something goes wrong. */
  readonly output: string;
  /** After a garbage collection; only when it was started so that it can tell. */
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Listens there; on a free port unless given. */
  port?: number;
  /** Whether it can be asked for its memory. */
  tellsMemory?: boolean;
}

export type SystemName = 'parley' | 'bare Socket.IO' | 'bare PostgreSQL';
