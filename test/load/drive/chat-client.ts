import type { CommandName } from '@parley/contracts';
import type { Conversation, Person } from '../people/population.js';
import type { ChatSystem } from '../systems/chat-system.js';
import { textFrame } from '../wire/frames.js';
import { LightSocket, type SocketListener } from '../wire/light-socket.js';
import { FIRST_ID, isMessageSent, MessageFrames, sentAt } from '../wire/message-frames.js';
import type { Traffic } from './traffic.js';

/** More commands than one client ever has open; a power of two. */
const OPEN_MAX = 1_024;

/** What is remembered of open sends, by their ids. Idle clients, of which there are thousands, have none. */
class OpenSends {
  readonly sentAt = new Float64Array(OPEN_MAX);
  readonly audience = new Uint32Array(OPEN_MAX);
}

/** One person's client: sends messages, and counts and times what comes back. */
export class ChatClient implements SocketListener {
  /** Called after each answer to a send. */
  onAnswered: ((client: ChatClient) => void) | null = null;
  /** Called with those deliveries whose time is looked up. */
  onSampled: ((client: ChatClient, fact: string) => void) | null = null;
  private socket: LightSocket;
  private nextCommandId = 1;
  private nextId = FIRST_ID;
  private answered = FIRST_ID;
  private open: OpenSends | null = null;
  private readonly frames = new Map<string, MessageFrames>();

  private constructor(
    readonly person: Person,
    private readonly traffic: Traffic,
  ) {}

  static async connect(system: ChatSystem, person: Person, traffic: Traffic): Promise<ChatClient> {
    const client = new ChatClient(person, traffic);
    client.socket = await LightSocket.connect(system.address, system.credentialsOf(person), client);
    return client;
  }

  send({ id: conversationId, members }: Conversation): void {
    const { traffic } = this;
    const id = this.nextId;
    if (id - this.answered >= OPEN_MAX) {
      traffic.unsent += 1;
      return;
    }
    this.nextId += 1;
    const open = (this.open ??= new OpenSends());
    const now = performance.now();
    open.sentAt[id % OPEN_MAX] = now;
    open.audience[id % OPEN_MAX] = members.length;
    traffic.sent += 1;
    this.socket.write(this.framesOf(conversationId).next(id, now));
  }

  /** Anything but a message. Its answer is counted, and nothing more. */
  command(name: CommandName, input: object): void {
    this.traffic.commands += 1;
    this.socket.write(textFrame(`42${this.nextCommandId}${JSON.stringify([name, input])}`));
    this.nextCommandId = (this.nextCommandId % (FIRST_ID - 1)) + 1;
  }

  close(): void {
    this.socket.close();
  }

  onEvent(bytes: Buffer, start: number, end: number): void {
    const { traffic } = this;
    if (!isMessageSent(bytes, start)) {
      traffic.otherFacts += 1;
      return;
    }
    traffic.delivered += 1;
    if (traffic.delivered % traffic.sampleEvery !== 0) return;
    traffic.deliveryTimes.add(performance.now() - sentAt(bytes, start));
    this.onSampled?.(this, bytes.toString('utf8', start, end));
  }

  onAck(id: number, ok: boolean, bytes: Buffer, start: number, end: number): void {
    const { traffic } = this;
    if (!ok) traffic.refusal ??= bytes.toString('utf8', start, end);
    if (id < FIRST_ID) {
      if (ok) traffic.commandsDone += 1;
      else traffic.commandsRefused += 1;
      return;
    }
    this.answered += 1;
    if (ok) {
      traffic.acked += 1;
      traffic.due += this.open?.audience[id % OPEN_MAX] ?? 0;
      traffic.ackTimes.add(performance.now() - (this.open?.sentAt[id % OPEN_MAX] ?? Number.NaN));
    } else {
      traffic.refused += 1;
    }
    this.onAnswered?.(this);
  }

  onLost(reason: string): void {
    this.traffic.lost.push(reason);
  }

  private framesOf(conversationId: string): MessageFrames {
    const known = this.frames.get(conversationId);
    if (known !== undefined) return known;
    const made = new MessageFrames(conversationId);
    this.frames.set(conversationId, made);
    return made;
  }
}

/** So many connect at the same time. */
const CONNECTING_AT_ONCE = 100;

/** Connects all of these people. */
export async function connectAll(
  system: ChatSystem,
  people: readonly Person[],
  traffic: Traffic,
): Promise<ChatClient[]> {
  const clients: ChatClient[] = [];
  const waiting = people.values();
  const connectNext = async (): Promise<void> => {
    for (const person of waiting) clients.push(await ChatClient.connect(system, person, traffic));
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, connectNext));
  return clients;
}
