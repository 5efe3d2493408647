import type { SocketLike } from '@parley/client';
import {
  FACTS,
  type CommandInput,
  type CommandName,
  type FactMap,
  type FactName,
  type MessageView,
  type SyncReply,
} from '@parley/contracts';
import type { Heard } from '../../support/sockets.js';
import type { Disturbance } from './program.js';

/** What a device was told: by a fact, or by the answer to a command. `connection` counts its connections. */
export type Told =
  | { by: 'fact'; connection: number; heard: Heard }
  | { by: 'sync'; connection: number; reply: SyncReply }
  | { by: 'answer'; connection: number; message: MessageView };

/** Facts about the connection itself are no hints: without them there is none. */
const PASSING: readonly FactName[] = ['ready', 'session:expiring', 'session:ended', 'server:draining'];
const HELD_BACK_MAX = 4;
const REMEMBERED_MAX = 10;

type Deliver = () => void;

/**
 * The bad network of one device. It stands between the client and its sockets, remembers everything that
 * the server tells, and then loses, repeats and reorders it, loses answers, and breaks connections, as the
 * program wants it.
 */
export class FaultBox {
  readonly told: Told[] = [];
  private current: { socket: SocketLike; refuse: () => void } | null = null;
  private connection = 0;
  private isOffline = false;
  private losesAnswer = false;
  private how: Disturbance | null = null;
  private choices: readonly number[] = [0];
  private choice = 0;
  private heldBack: Deliver[] = [];
  private past: Deliver[] = [];
  /** Whether hints of this connection did not come as they were told. */
  private disturbed = false;

  /** Whether the client cannot know everything by hints: they were meddled with, or there is no connection. */
  get mustReconnect(): boolean {
    return this.disturbed || this.current?.socket.connected !== true;
  }

  get isOnline(): boolean {
    return !this.isOffline;
  }

  readonly wrap = (socket: SocketLike): SocketLike => {
    const connection = (this.connection += 1);
    const refusals: ((error: Error) => void)[] = [];
    const refuse = (): void => refusals.forEach((listener) => listener(new Error('There is no network')));
    this.current = { socket, refuse };
    this.disturbed = false;
    this.heldBack = [];
    this.past = [];
    return {
      get connected() {
        return socket.connected;
      },
      on: (event, listener) => {
        if (event === 'connect_error') refusals.push(listener as (error: Error) => void);
        return socket.on(event, isFact(event) ? this.listening(connection, event, listener) : listener);
      },
      emit: (event, ...values) =>
        socket.emit(event, ...values.map((value) => this.answering(connection, event, value))),
      connect: () => {
        if (!this.isOffline) return socket.connect();
        queueMicrotask(refuse);
        return undefined;
      },
      disconnect: () => socket.disconnect(),
    };
  };

  goOffline(): void {
    this.isOffline = true;
    this.breakConnection();
  }

  comeBack(): void {
    this.isOffline = false;
  }

  breakConnection(): void {
    const { socket, refuse } = this.current ?? {};
    const wasConnected = socket?.connected;
    socket?.disconnect();
    // Socket.IO tells of the end of a connection, but not of the end of a try.
    if (wasConnected === false) refuse?.();
  }

  /** The next command is carried out, and its answer gets lost with the connection. */
  loseNextAnswer(): void {
    this.losesAnswer = true;
  }

  /** Sends a command past the client, if there is a connection; nobody waits for the answer. */
  send<N extends CommandName>(command: N, input: CommandInput<N>): void {
    const socket = this.current?.socket;
    if (socket?.connected === true)
      socket.emit(
        command,
        input,
        this.answering(this.connection, command, () => undefined),
      );
  }

  /** From now on hints are lost, repeated or reordered, as `choices` say. */
  disturb(how: Disturbance, choices: readonly number[]): void {
    this.how = how;
    this.choices = choices;
  }

  /** From now on hints pass; those that were held back come now, the latest first. */
  letPass(): void {
    this.how = null;
    for (const deliver of this.heldBack.splice(0).reverse()) deliver();
  }

  heal(): void {
    this.letPass();
    this.comeBack();
    this.losesAnswer = false;
  }

  private listening(connection: number, fact: FactName, listener: (...values: never[]) => void) {
    return (payload: FactMap[FactName]): void => {
      this.told.push({ by: 'fact', connection, heard: { fact, payload } as Heard });
      const deliver = (): void => listener(payload as never);
      if (PASSING.includes(fact) || this.how === null) deliver();
      else this.meddle(this.how, deliver);
    };
  }

  private meddle(how: Disturbance, deliver: Deliver): void {
    this.disturbed = true;
    if (how === 'lose') {
      if (this.chance(2)) deliver();
    } else if (how === 'repeat') {
      deliver();
      this.past = [...this.past, deliver].slice(-REMEMBERED_MAX);
      for (let extra = this.next() % 3; extra > 0; extra -= 1) this.past[this.next() % this.past.length]?.();
    } else {
      this.heldBack.push(deliver);
      while (this.heldBack.length > HELD_BACK_MAX || (this.heldBack.length > 0 && this.chance(2))) {
        this.heldBack.splice(this.next() % this.heldBack.length, 1)[0]?.();
      }
    }
  }

  private answering(connection: number, command: string, value: unknown): unknown {
    if (typeof value !== 'function') return value;
    return (ack: { ok: boolean; data?: unknown }): void => {
      if (ack.ok) this.remember(connection, command, ack.data);
      if (this.losesAnswer) {
        this.losesAnswer = false;
        this.breakConnection();
      } else (value as (ack: unknown) => void)(ack);
    };
  }

  private remember(connection: number, command: string, data: unknown): void {
    if (command === 'sync') this.told.push({ by: 'sync', connection, reply: data as SyncReply });
    else if (/^(message|reaction):/.test(command)) {
      this.told.push({ by: 'answer', connection, message: data as MessageView });
    }
  }

  private chance(oneIn: number): boolean {
    return this.next() % oneIn === 0;
  }

  private next(): number {
    this.choice += 1;
    return this.choices[this.choice % this.choices.length] ?? 0;
  }
}

function isFact(event: string): event is FactName {
  return (FACTS as readonly string[]).includes(event);
}
