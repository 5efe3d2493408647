import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { coalesceWrites } from './coalesced-writes.js';

/** What one message may cost, and how long a client may take over closing. */
const BOUNDS = { maxFragments: 16, maxBufferedChunks: 1_024, closeTimeout: 2_000 };

const PINGS_MAX = 20;
const PINGS_WITHIN_MS = 10_000;

/**
 * The WebSocket server under Engine.IO, with the limits that Engine.IO does not pass on: it knows no
 * other than that of the payload. Pings of the WebSocket protocol are answered, but not a flood of
 * them: they are below Engine.IO, which has pings of its own, so `packet-guard.ts` does not see them.
 * What is written to a connection in one turn leaves together (`coalesced-writes.ts`).
 */
export class BoundedWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, ...BOUNDS });
  }

  override handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    callback: (client: WebSocket, request: IncomingMessage) => void,
  ): void {
    // From now on, so that the answer to the upgrade and Engine.IO's first packet leave together.
    coalesceWrites(socket);
    super.handleUpgrade(request, socket, head, (client, upgraded) => {
      client.on('ping', countPing);
      callback(client, upgraded);
    });
  }
}

const PINGS = Symbol('parley:pings');
type Pinged = WebSocket & { [PINGS]?: { count: number; since: number } };

// One function for all sockets: a closure for each would be memory for each.
function countPing(this: Pinged): void {
  const now = Date.now();
  const pings = (this[PINGS] ??= { count: 0, since: now });
  if (now - pings.since > PINGS_WITHIN_MS) {
    pings.since = now;
    pings.count = 0;
  }
  pings.count += 1;
  if (pings.count > PINGS_MAX) this.terminate();
}
