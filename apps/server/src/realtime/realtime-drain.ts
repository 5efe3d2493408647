import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DrainService } from '../health/drain.service.js';
import { farewell, type Connection, type ParleySocket } from './connection.js';
import { Rooms } from './rooms.js';

/** Over how long the clients are let go, so that they do not all come back to another node at once. */
const SPREAD_MS = 1_500;
const SLICES = 15;
/** How long a command under way may hold up its socket's end. */
const FINISH_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 10;

/**
 * The end of this node's sockets when the server goes away: all are told at once, and closed a few at
 * a time, each when what it has asked for is answered.
 */
@Injectable()
export class RealtimeDrain implements OnModuleInit {
  constructor(
    private readonly rooms: Rooms,
    private readonly drain: DrainService,
  ) {}

  onModuleInit(): void {
    this.drain.register('sockets', 'clients', () => this.letAllGo());
  }

  private async letAllGo(): Promise<void> {
    const sockets = [...this.rooms.all()];
    for (const socket of sockets) socket.emit('server:draining', farewell('server_draining'));
    const sliceSize = Math.max(1, Math.ceil(sockets.length / SLICES));
    const goodbyes: Promise<void>[] = [];
    for (let from = 0; from < sockets.length; from += sliceSize) {
      if (from > 0) await delay(SPREAD_MS / SLICES);
      goodbyes.push(...sockets.slice(from, from + sliceSize).map((socket) => letGo(socket)));
    }
    await Promise.all(goodbyes);
    for (const socket of this.rooms.all()) socket.data.close();
  }
}

async function letGo({ data: connection }: ParleySocket): Promise<void> {
  connection.ending = true;
  await answered(connection);
  connection.close();
}

/** Resolves when the connection waits for no answer any more, or has waited long enough. */
async function answered(connection: Connection): Promise<void> {
  const deadline = Date.now() + FINISH_WITHIN_MS;
  while (connection.commands !== null && connection.socket.connected && Date.now() < deadline) {
    await delay(LOOK_EVERY_MS);
  }
}
