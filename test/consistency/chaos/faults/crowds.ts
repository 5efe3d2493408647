import { io, type Socket } from 'socket.io-client';
import { eventually } from '../../../support/eventually.js';
import { Link } from '../arena/link.js';
import { PlainDevice } from '../clients/plain-device.js';
import type { Fault } from './fault.js';

/** Sockets that only listen, and come back at once. */
function gather(url: string, token: string, count: number): Socket[] {
  const options = {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 1,
    reconnectionDelayMax: 50,
  };
  return Array.from({ length: count }, () => io(url, options));
}

export const reconnectStorm: Fault = {
  name: 'reconnect-storm',
  sentence:
    'everybody, and a crowd of listeners, loses the connection and comes back in the same moment, several times',
  async inject({ arena: { node }, cast, progress, short }) {
    const crowd = gather(node.url, cast.observerPerson.accessToken, short ? 40 : 200);
    try {
      for (let times = short ? 3 : 8; times > 0; times -= 1) {
        await progress(20);
        node.link.reset();
      }
    } finally {
      for (const socket of crowd) socket.disconnect();
    }
  },
};

const CUT_OFF = /Cut off a slow consumer/;
const CUT_OFF_WITHIN_MS = 180_000;

export const slowConsumer: Fault = {
  name: 'slow-consumer',
  sentence: 'a client stops reading while much is written; it is cut off, comes back, and catches up',
  mix: {
    acts: { send: 0, burst: 1, edit: 0, delete: 0, react: 0, unreact: 0, read: 0 },
    burst: [20, 40],
    pauseMs: [0, 5],
    churnMs: null,
    bodyLength: 3_900,
  },
  async inject({ arena: { node }, cast, history, random }) {
    // Past the common link, so that no more than one stands between the client and the server.
    const link = await Link.to(node.target);
    const app = { url: `http://127.0.0.1:${link.port}` };
    // One of an earlier round goes on under its own name: the history tells connections apart by the client's.
    const name = `olga's slow client ${cast.links.length}`;
    const slow = new PlainDevice({ name, person: cast.observerPerson, app, history, random });
    cast.devices.push(slow);
    cast.links.push(link);
    await slow.caughtUp();
    const before = node.countSaid(CUT_OFF);
    link.stall('answers');
    await eventually(() => {
      // Where writing is slow, the client may miss the heartbeat first.
      if (node.countSaid(CUT_OFF) === before && slow.isConnected) throw new Error('The slow client was not cut off');
    }, CUT_OFF_WITHIN_MS);
    link.flow();
  },
};
