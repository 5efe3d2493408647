import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DomainError } from '../common/domain-error.js';
import { toProblem } from '../common/error-table.js';
import { newId } from '../common/id.js';

/** In milliseconds. */
const TIMEOUTS = {
  /** Longer than the minute for which proxies usually keep an idle connection, so that they close first. */
  keepAliveTimeout: 65_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // NOTE: Node reads this property when it begins to listen, but only documents it as an option of
  // createServer, which NestJS calls. Its default of 30 s would let slow headers live that much longer.
  connectionsCheckingInterval: 5_000,
};

/** Bounds how long a client may take, and answers what is not even HTTP with a problem too. */
export function hardenServer(server: Server): void {
  Object.assign(server, TIMEOUTS);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket));
}

/** How long answers that are under way may take when the server closes. */
const FINISH_WITHIN_MS = 1_000;

/**
 * Lets the server close. Without it a client that has stopped reading its answer, or has connected
 * and says nothing, holds up the end of the process, and with it the end of the database.
 */
@Injectable()
export class HttpClosing implements BeforeApplicationShutdown {
  constructor(private readonly adapters: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.adapters.httpAdapter.getHttpServer() as Server;
    const timer = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
    server.once('close', () => clearTimeout(timer));
  }
}

function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toProblem(toRefusal(error), newId());
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      'Connection: close',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${problem.requestId}`,
      '',
      body,
    ].join('\r\n'),
  );
}

function toRefusal({ code }: NodeJS.ErrnoException): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW') return new DomainError('payload_too_large', 'The headers are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new DomainError('request_malformed', 'The request took too long');
  return new DomainError('request_malformed', 'This is not an HTTP request');
}
