import { Injectable } from '@nestjs/common';
import { LIMITS, type Ack } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';
import { RateLimiter } from '../common/rate-limiter.js';
import { validateInput } from '../common/validation.js';
import { CommandQueue } from './command-queue.js';
import { CommandTable, type TableEntry } from './command-table.js';
import type { Connection, ParleySocket } from './connection.js';
import { PacketGuard } from './packet-guard.js';
import { Refusals } from './refusals.js';

type Acknowledge = (answer: Ack<unknown>) => void;

/**
 * Takes every event that a socket sends, finds its command and answers it.
 *
 * Guarantee (P10): an event with an ack is answered exactly once, with success or a typed error, and
 * nothing that a client sends is echoed, reaches a handler unvalidated, or stops the process. One
 * without an ack cannot be answered; it is not carried out and counts as a fault of its connection.
 */
@Injectable()
export class CommandDispatcher {
  constructor(
    private readonly table: CommandTable,
    private readonly limiter: RateLimiter,
    private readonly guard: PacketGuard,
    private readonly refusals: Refusals,
  ) {}

  /** For `socket.onAny`. It finds its socket in `this`, so that all sockets share one function. */
  listener(): (this: ParleySocket, ...event: unknown[]) => void {
    const receive = (connection: Connection, event: unknown[]): void => this.receive(connection, event);
    return function onAny(...event) {
      receive(this.data, event);
    };
  }

  private receive(connection: Connection, event: unknown[]): void {
    const acknowledge = event.at(-1);
    if (typeof acknowledge !== 'function') {
      this.guard.fault(connection);
      return;
    }
    const ack = acknowledge as Acknowledge;
    try {
      this.enqueue(connection, event.slice(0, -1), ack);
    } catch (error) {
      this.refuse(ack, error);
    }
  }

  private enqueue(connection: Connection, [name, ...inputs]: unknown[], ack: Acknowledge): void {
    const entry = this.table.find(name);
    if (entry === undefined) throw new DomainError('command_unknown', 'There is no such command');
    if (inputs.length !== 1)
      throw new DomainError('request_malformed', 'A command is one object and an acknowledgement');
    if (connection.ending) throw new DomainError('server_draining', 'This connection is being closed');
    const queue = (connection.commands ??= new CommandQueue(
      LIMITS.commandsInFlightMax,
      () => (connection.commands = null),
      {
        open: connection.ready,
      },
    ));
    const accepted = queue.push({
      pipelined: entry.pipelined,
      prepare: () => this.prepare(connection, entry, inputs[0], ack),
    });
    if (accepted) return;
    const words = `At most ${LIMITS.commandsInFlightMax} commands may wait for their answer`;
    throw new DomainError('too_many_in_flight', words, { retryInMs: 100 });
  }

  /** Checks what the command asks for; null when it has been refused. */
  private async prepare(
    connection: Connection,
    entry: TableEntry,
    given: unknown,
    ack: Acknowledge,
  ): Promise<(() => Promise<void>) | null> {
    try {
      const { userId } = connection.actor;
      await this.limiter.consume('command', userId);
      if (entry.limit !== null) await this.limiter.consume(entry.limit, userId);
      if (connection.expiresAt <= Date.now()) throw new DomainError('token_expired', 'The access token has expired');
      const input = validateInput(entry.input, given);
      return () => this.carryOut(connection, entry, input, ack);
    } catch (error) {
      this.refuse(ack, error);
      return null;
    }
  }

  private async carryOut(connection: Connection, entry: TableEntry, input: object, ack: Acknowledge): Promise<void> {
    try {
      ack({ ok: true, data: (await entry.handle(connection, input)) ?? null });
    } catch (error) {
      this.refuse(ack, error);
    }
  }

  private refuse(ack: Acknowledge, error: unknown): void {
    ack({ ok: false, error: this.refusals.toProblem(error, 'A command failed') });
  }
}
