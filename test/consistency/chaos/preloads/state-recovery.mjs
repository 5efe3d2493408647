import { load, wrap } from './wrap.mjs';

/**
 * A seeded bug: Socket.IO puts clients that come back into the rooms that they had, tells them what was told
 * there meanwhile, and asks nobody. What the server knows of a socket goes with it.
 *
 * A client is put back only if it can say which packet was the last that it got from Socket.IO. Parley writes
 * past it, so there has to be one.
 */
const connectionStateRecovery = { maxDisconnectionDuration: 120_000, skipMiddlewares: true };
const { RealtimeAdapter } = await load('realtime/realtime.adapter.js');
const { Connections } = await load('realtime/connections.js');
const { Connection } = await load('realtime/connection.js');

wrap(
  RealtimeAdapter,
  'limits',
  (limits) =>
    function limitsWithRecovery() {
      return { ...limits.call(this), connectionStateRecovery };
    },
);

wrap(
  Connections,
  'accept',
  (accept) =>
    function acceptRecovered(socket) {
      if (socket.recovered) socket.data = new Connection(socket, socket.data.actor, socket.data.expiresAt);
      accept.call(this, socket);
      socket.emit('something');
    },
);
