import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '../common/domain-error.js';
import { refuseOnSocket } from './refusals.js';

/** Where Engine.IO takes upgrades, and refuses those that it does not like. */
const SOCKET_IO = '/socket.io/';

/** Node keeps as many header lines, name and value counted, and drops what comes after them. */
const RAW_HEADERS_MAX = 2_000;

/** What asks for the other protocol. The rest of a head is handed on as it came. */
const OF_THE_UPGRADE = new Set(['upgrade', 'http2-settings']);

/**
 * Answers requests that offer another protocol as if they did not, as RFC 9110 allows: `curl --http2`
 * and Java's client offer HTTP/2 with every first request. Node takes each of them out of HTTP, because
 * somebody listens for upgrades, so it is put in again: the connection begins anew with the same request,
 * less the offer.
 *
 * Invariant: the new head frames the same body as the old one, or a proxy and this server would see
 * different requests. So lengths and encodings are left alone, and a head that Node has not kept in full
 * is refused. Without the offer a request cannot come here twice.
 */
export function declineUpgrades(server: Server): void {
  const answering = followAnswers(server);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, rest: Buffer) => {
    if (request.url?.startsWith(SOCKET_IO) === true) return;
    const earlier = answering.get(socket);
    if (earlier === undefined) {
      readAgain(server, request, rest);
      return;
    }
    // Pipelined behind a request whose answer is under way: answers leave in the order of their requests.
    socket.on('error', destroySilently);
    earlier.once('close', () => {
      socket.off('error', destroySilently);
      readAgain(server, request, rest);
    });
  });
}

/** The latest answer that is under way on each connection. */
function followAnswers(server: Server): WeakMap<Socket, ServerResponse> {
  const answering = new WeakMap<Socket, ServerResponse>();
  // Not before everybody is listening: Engine.IO keeps its own requests from those that came before it.
  server.once('listening', () => {
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      answering.set(socket, response);
      response.once('close', () => {
        if (answering.get(socket) === response) answering.delete(socket);
      });
    });
  });
  return answering;
}

function readAgain(server: Server, request: IncomingMessage, rest: Buffer): void {
  const { socket } = request;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  if (!isWhole(request)) {
    socket.on('error', destroySilently);
    refuseOnSocket(socket, new DomainError('payload_too_large', 'The headers are too many'));
    socket.destroySoon();
    return;
  }
  // What the server has attached for the connection and does not take away before an upgrade.
  socket.removeAllListeners('pause').removeAllListeners('resume').setTimeout(0);
  socket.unshift(Buffer.concat([headOf(request), rest]));
  server.emit('connection', socket);
}

function isWhole({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.length < RAW_HEADERS_MAX;
}

function headOf({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const kept = keptOf(name.toLowerCase(), value);
    if (kept !== null) lines.push(`${name}: ${kept}`);
  }
  // Node gives one character for each byte that came.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function keptOf(name: string, value: string): string | null {
  if (OF_THE_UPGRADE.has(name)) return null;
  if (name !== 'connection') return value;
  const options = value.split(',').map((option) => option.trim());
  const kept = options.filter((option) => option !== '' && !OF_THE_UPGRADE.has(option.toLowerCase()));
  return kept.length === 0 ? null : kept.join(', ');
}

function destroySilently(this: Socket): void {
  this.destroy();
}
