import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Connection, EngineSocket, ParleyServer } from './connection.js';
import { cutOff } from './engine-internals.js';

const PACKETS_PER_SECOND_MAX = 1_000;
const CONNECTS_MAX = 3;
const FAULTS_MAX = 20;
const FAULTS_WITHIN_MS = 10_000;

/** What is counted of one connection. */
class Meter {
  connects = 0;
  packets = 0;
  packetsSince = 0;
  faults = 0;
  faultsSince = 0;
  /** Whether a socket is being let in or is in: one connection carries one socket. */
  occupied = false;
  connection: Connection | null = null;
}

const METER = Symbol('parley:meter');
type Metered = EngineSocket & { [METER]?: Meter };

interface EnginePacket {
  type: string;
  data?: unknown;
}

/**
 * Counts what each connection does below the commands, and ends those that flood: packets of any
 * kind, requests to connect, and commands that cannot even be answered. It counts packets and not
 * requests, because one poll may carry thousands.
 */
@Injectable()
export class PacketGuard {
  private readonly packetsMax: number;

  constructor(config: Config) {
    this.packetsMax = config.rateLimits ? PACKETS_PER_SECOND_MAX : Infinity;
  }

  attach(io: ParleyServer): void {
    const { packetsMax } = this;
    // One function for all connections: a closure for each would be memory for each.
    function onPacket(this: EngineSocket, packet: EnginePacket): void {
      count(this, packet, packetsMax);
    }
    io.engine.on('connection', (conn: EngineSocket) => conn.on('packet', onPacket));
  }

  /** Takes the connection's one place for a socket, or returns false. */
  occupy(conn: EngineSocket): boolean {
    const meter = meterOf(conn);
    if (meter.occupied) return false;
    meter.occupied = true;
    return true;
  }

  /** Gives the place back after a refusal. */
  vacate(conn: EngineSocket): void {
    meterOf(conn).occupied = false;
  }

  /** Tells the guard whom to say farewell to. */
  assign(connection: Connection): void {
    meterOf(connection.socket.conn).connection = connection;
  }

  /** Notes something that a well-made client never sends. */
  fault(connection: Connection): void {
    const meter = meterOf(connection.socket.conn);
    const now = Date.now();
    if (now - meter.faultsSince > FAULTS_WITHIN_MS) {
      meter.faultsSince = now;
      meter.faults = 0;
    }
    meter.faults += 1;
    if (meter.faults > FAULTS_MAX) end(connection.socket.conn, meter);
  }
}

function meterOf(conn: Metered): Meter {
  return (conn[METER] ??= new Meter());
}

function count(conn: EngineSocket, packet: EnginePacket, packetsMax: number): void {
  const meter = meterOf(conn);
  const now = Date.now();
  if (now - meter.packetsSince > 1_000) {
    meter.packetsSince = now;
    meter.packets = 0;
  }
  meter.packets += 1;
  if (isConnect(packet)) meter.connects += 1;
  if (meter.packets > packetsMax || meter.connects > CONNECTS_MAX) end(conn, meter);
}

/** Whether an Engine.IO packet carries Socket.IO's request to connect to a namespace. */
function isConnect({ type, data }: EnginePacket): boolean {
  return type === 'message' && typeof data === 'string' && data.startsWith('0');
}

function end(conn: EngineSocket, meter: Meter): void {
  if (meter.connection === null) cutOff(conn);
  else meter.connection.end('protocol_abuse');
}
