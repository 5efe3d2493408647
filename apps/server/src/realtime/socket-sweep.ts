import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SIGNALS } from '../common/signals.js';
import { Config } from '../config/config.js';
import type { Connection, EngineSocket } from './connection.js';
import { backlogOf, cutOff } from './engine-internals.js';
import { Rooms } from './rooms.js';

const EVERY_MS = 250;

/** A client with more than this waiting is cut off, and comes back to what it has missed. */
const PACKETS_MAX = 512;
const BYTES_MAX = 1024 * 1024;
/** From here on it is spared what is worth nothing a moment later. */
const BEHIND_PACKETS = 64;
const BEHIND_BYTES = 128 * 1024;

const WARN_BEFORE_MS = 60_000;
/** How long the last words to a client may take. */
const LEAVE_WITHIN_MS = 2_000;

/**
 * Looks over all sockets a few times a second, with one timer for all of them: who reads too slowly
 * is cut off, whose token ends is told and later closed, and who was told to go is gone soon.
 */
@Injectable()
export class SocketSweep implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SocketSweep.name);
  /** Connections that are being closed, with the time by which they must be. */
  private readonly leaving = new Map<EngineSocket, number>();
  private readonly warnBeforeMs: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rooms: Rooms,
    config: Config,
  ) {
    // A token that lives shorter than two minutes has its warning at half its life.
    this.warnBeforeMs = Math.min(WARN_BEFORE_MS, (config.auth.accessTokenSeconds * 1_000) / 2);
  }

  onModuleInit(): void {
    this.timer = setInterval(() => {
      try {
        this.sweep(Date.now());
      } catch (error) {
        this.logger.error({ err: error }, 'A sweep failed');
      }
    }, EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const conn of this.leaving.keys()) cutOff(conn);
  }

  /** Makes sure that a connection which is being closed does close, even if its client does not read. */
  watchLeaving(conn: EngineSocket): void {
    if (conn.readyState !== 'closed') this.leaving.set(conn, Date.now() + LEAVE_WITHIN_MS);
  }

  private sweep(now: number): void {
    for (const { data: connection } of this.rooms.all()) {
      this.checkBacklog(connection);
      this.checkExpiry(connection, now);
    }
    for (const [conn, deadline] of this.leaving) {
      if (conn.readyState !== 'closed' && now < deadline) continue;
      if (conn.readyState !== 'closed') cutOff(conn);
      this.leaving.delete(conn);
    }
  }

  private checkBacklog(connection: Connection): void {
    const { packets, bytes } = backlogOf(connection.socket.conn);
    if (packets > PACKETS_MAX || bytes > BYTES_MAX) {
      this.logger.log(`Cut off a slow consumer with ${packets} packets and ${bytes} bytes waiting`);
      SIGNALS.socketEnded.tell({ reason: 'slow_consumer' });
      connection.ending = true;
      cutOff(connection.socket.conn);
      return;
    }
    connection.behind = packets > BEHIND_PACKETS || bytes > BEHIND_BYTES;
  }

  private checkExpiry(connection: Connection, now: number): void {
    const { expiresAt } = connection;
    if (now < expiresAt - this.warnBeforeMs) return;
    if (now >= expiresAt) {
      connection.end('token_expired');
    } else if (!connection.expiryTold) {
      connection.expiryTold = true;
      connection.socket.emit('session:expiring', { expiresAt: new Date(expiresAt).toISOString() });
    }
  }
}
