import { Injectable } from '@nestjs/common';
import { LIMITS, type Ack, type Problem } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';
import { RateLimiter } from '../common/rate-limiter.js';
import { SIGNALS } from '../common/signals.js';
import { TRACES, type Span, type SpanAttributes } from '../common/tracing.js';
import { validateInput } from '../common/validation.js';
import { CommandQueue } from './command-queue.js';
import { CommandTable, type TableEntry } from './command-table.js';
import type { Connection, ParleySocket } from './connection.js';
import type { EventPacket } from './engine-internals.js';
import { OutgoingPacket } from './outgoing-packet.js';
import { PacketGuard } from './packet-guard.js';
import { PacketWriter } from './packet-writer.js';
import { Refusals } from './refusals.js';

export type Acknowledge = (answer: Ack<unknown>) => void;

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
    private readonly writer: PacketWriter,
  ) {}

  /** For {@link takeEvents}. It finds its socket in `this`, so that all sockets share one function. */
  listener(): (this: ParleySocket, packet: EventPacket) => void {
    const receive = (socket: ParleySocket, { data, id }: EventPacket): void => {
      const ack = (answer: Ack<unknown>): void => this.writer.write(socket, OutgoingPacket.ack(id ?? 0, answer));
      this.receive(socket.data, Array.isArray(data) ? data : [], id === undefined ? null : ack);
    };
    return function onEvent(packet) {
      receive(this, packet);
    };
  }

  /** Takes one event. Without `ack` it cannot be answered. */
  receive(connection: Connection, event: readonly unknown[], ack: Acknowledge | null): void {
    if (ack === null) {
      this.guard.fault(connection);
      return;
    }
    try {
      this.enqueue(connection, event, ack);
    } catch (error) {
      this.refuse(ack, error);
    }
  }

  private enqueue(connection: Connection, [name, ...inputs]: readonly unknown[], given: Acknowledge): void {
    const entry = this.table.find(name);
    if (entry === undefined) throw new DomainError('command_unknown', 'There is no such command');
    const span = TRACES.tracer?.begin(`command ${String(name)}`) ?? null;
    const ack = traced(span, timed(String(name), given));
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
      prepare: () => this.prepare(connection, entry, inputs[0], ack, span),
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
    span: Span | null,
  ): Promise<(() => Promise<void>) | null> {
    try {
      const { userId } = connection.actor;
      await this.limiter.consume('command', userId);
      if (entry.limit !== null) await this.limiter.consume(entry.limit, userId);
      if (connection.expiresAt <= Date.now()) throw new DomainError('token_expired', 'The access token has expired');
      const input = validateInput(entry.input, given);
      const carryOut = (): Promise<void> => this.carryOut(connection, entry, input, ack);
      return span === null ? carryOut : () => span.run(carryOut);
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

/** Ends the span of a command with its answer. */
function traced(span: Span | null, ack: Acknowledge): Acknowledge {
  if (span === null) return ack;
  return (answer) => {
    ack(answer);
    if (answer.ok) span.end({ 'parley.outcome': 'ok' });
    else span.end(toAttributes(answer.error), answer.error.status >= 500);
  };
}

function toAttributes({ code, requestId }: Problem): SpanAttributes {
  return { 'parley.outcome': code, 'parley.request_id': requestId };
}

/** Tells how long an answer took, when somebody wants to know. */
function timed(command: string, ack: Acknowledge): Acknowledge {
  if (!SIGNALS.command.isHeard) return ack;
  const begun = performance.now();
  return (answer) => {
    ack(answer);
    SIGNALS.command.tell({ command, ok: answer.ok, seconds: (performance.now() - begun) / 1_000 });
  };
}
