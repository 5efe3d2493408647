import { Injectable, Logger } from '@nestjs/common';
import { SIGNALS } from '../common/signals.js';
import { PresenceService } from '../presence/presence.service.js';
import { Admission } from './admission.js';
import { CommandDispatcher } from './command-dispatcher.js';
import type { Connection, ParleySocket } from './connection.js';
import { forgetHandshake, takeEvents } from './engine-internals.js';
import { PacketGuard } from './packet-guard.js';
import { PacketWriter } from './packet-writer.js';
import { Rooms } from './rooms.js';
import { SocketSweep } from './socket-sweep.js';

/** The life of an authenticated socket, from its first moment to its last. */
@Injectable()
export class Connections {
  private readonly logger = new Logger(Connections.name);
  private readonly onEvent: ReturnType<CommandDispatcher['listener']>;
  private readonly onDisconnect = this.disconnectListener();

  constructor(
    dispatcher: CommandDispatcher,
    private readonly guard: PacketGuard,
    private readonly rooms: Rooms,
    private readonly admission: Admission,
    private readonly presence: PresenceService,
    private readonly sweep: SocketSweep,
    private readonly writer: PacketWriter,
  ) {
    this.onEvent = dispatcher.listener();
  }

  /** Begins with a socket that was let in. Its commands wait until it is ready. */
  accept(socket: ParleySocket): void {
    this.writer.attach(socket.conn);
    SIGNALS.socket.tell({ change: 1 });
    takeEvents(socket, this.onEvent);
    socket.on('disconnect', this.onDisconnect);
    void this.begin(socket.data);
  }

  private async begin(connection: Connection): Promise<void> {
    const { id, socket, actor } = connection;
    const { conn } = socket;
    // That it is connected is of use to a client when it is ready; both leave in one system call.
    this.writer.hold(conn);
    try {
      forgetHandshake(socket);
      this.guard.assign(connection);
      this.rooms.enterOwn(socket, actor);
      this.presence.connected({ connectionId: id, actor });
      await this.admission.admit(connection);
    } catch (error) {
      this.logger.warn(
        `A socket's rights could not be read: ${error instanceof Error ? error.message : String(error)}`,
      );
      connection.end('state_uncertain');
    } finally {
      this.writer.release(conn);
    }
  }

  private disconnectListener(): (this: ParleySocket, reason: string) => void {
    const end = (connection: Connection, reason: string): void => this.end(connection, reason);
    // One function for all sockets: a closure for each would be memory for each.
    return function onDisconnect(reason) {
      end(this.data, reason);
    };
  }

  private end(connection: Connection, reason: string): void {
    SIGNALS.socket.tell({ change: -1 });
    try {
      connection.ending = true;
      connection.commands?.clear();
      this.presence.disconnected(connection.id);
      const { conn } = connection.socket;
      // A connection carries one socket: without it there is nothing left to wait for.
      if (reason === 'client namespace disconnect') conn.close();
      this.sweep.watchLeaving(conn);
    } catch (error) {
      // What is thrown at Socket.IO from here ends the process.
      this.logger.error({ err: error }, 'The end of a socket failed');
    }
  }
}
