import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { SIGNALS } from '../common/signals.js';

/** From an answer out of memory to one that somebody gave up on. */
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const MESSAGES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/**
 * Counts what the {@link SIGNALS} tell, into a registry of its own. Labels are names of routes, commands and
 * codes, of which there are few: nothing about a person or a conversation. Returns how to stop.
 */
export function countSignals(registry: Registry): () => void {
  const registers = [registry];
  const stops = [...countEdges(registers), ...countSockets(registers), ...countMessages(registers)];
  return () => {
    for (const stop of stops) stop();
  };
}

function countEdges(registers: Registry[]): (() => void)[] {
  const requests = new Histogram({
    name: 'parley_http_request_duration_seconds',
    help: 'REST requests, by route and status, until the answer was sent',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const commands = new Histogram({
    name: 'parley_command_duration_seconds',
    help: 'Socket commands, from their arrival to the ack',
    labelNames: ['command', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const refusals = new Counter({
    name: 'parley_refusals_total',
    help: 'Refusals by code, over REST and to sockets',
    labelNames: ['edge', 'code'],
    registers,
  });
  return [
    SIGNALS.request.hear(({ method, route, status, seconds }) =>
      requests.observe({ method, route: route ?? 'none', status }, seconds),
    ),
    SIGNALS.command.hear(({ command, ok, seconds }) =>
      commands.observe({ command, outcome: ok ? 'ok' : 'refused' }, seconds),
    ),
    SIGNALS.refusal.hear(({ edge, code }) => refusals.inc({ edge, code })),
  ];
}

function countSockets(registers: Registry[]): (() => void)[] {
  const sockets = new Gauge({ name: 'parley_sockets', help: 'Sockets of this node that were let in', registers });
  const ended = new Counter({
    name: 'parley_sockets_ended_total',
    help: 'Sockets that the server ended, by reason; slow_consumer are those that did not read',
    labelNames: ['reason'],
    registers,
  });
  const gaps = new Counter({
    name: 'parley_gaps_repaired_total',
    help: 'How often this node read from the database what it had not heard of a conversation',
    registers,
  });
  return [
    SIGNALS.socket.hear(({ change }) => sockets.inc(change)),
    SIGNALS.socketEnded.hear(({ reason }) => ended.inc({ reason })),
    SIGNALS.gap.hear(() => gaps.inc()),
  ];
}

function countMessages(registers: Registry[]): (() => void)[] {
  const histogram = (name: string, help: string, buckets: number[]): Histogram =>
    new Histogram({ name, help, buckets, registers });
  const size = histogram('parley_append_batch_messages', 'Messages in one batch to PostgreSQL', MESSAGES);
  const wait = histogram('parley_append_wait_seconds', 'How long the oldest message of a batch had waited', SECONDS);
  const write = histogram('parley_append_duration_seconds', 'Writing one batch, with its commit', SECONDS);
  const missed = histogram('parley_sync_messages', 'Messages in one answer to sync', [0, ...MESSAGES]);
  const resets = new Counter({
    name: 'parley_sync_resets_total',
    help: 'Conversations that a client had to begin anew',
    registers,
  });
  const leftBehind = new Counter({
    name: 'parley_outbox_left_behind_total',
    help: 'Outbox rows that their writer did not publish, and the sweep did',
    registers,
  });
  return [
    SIGNALS.batch.hear(({ messages, waited, seconds }) => {
      size.observe(messages);
      wait.observe(waited);
      write.observe(seconds);
    }),
    SIGNALS.sync.hear((told) => {
      missed.observe(told.messages);
      resets.inc(told.resets);
    }),
    SIGNALS.leftBehind.hear(({ rows }) => leftBehind.inc(rows)),
  ];
}
