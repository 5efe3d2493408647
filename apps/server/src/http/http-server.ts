import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DomainError } from '../common/domain-error.js';
import { refuseOnSocket, writeRefusal } from './refusals.js';
import { declineUpgrades } from './upgrades.js';

/** Answers what Express never gets to see. */
export function hardenServer(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket));
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    refuseRequest(response, 'No expectation but 100-continue can be met');
  });
  refuseUnroutable(server);
  declineUpgrades(server);
}

/** Express has a page of its own for a target that it cannot parse, which passes no middleware. */
function refuseUnroutable(server: Server): void {
  const listeners = server.listeners('request') as ExpressListener[];
  server.removeAllListeners('request');
  for (const express of listeners) {
    server.on('request', ((request, response) => {
      express(request, response, () => refuseRequest(response, 'The target of the request cannot be read'));
    }) satisfies RequestListener);
  }
}

type ExpressListener = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

function refuseRequest(response: ServerResponse, words: string): void {
  if (!response.headersSent) writeRefusal(response, new DomainError('request_malformed', words));
  response.end();
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
  refuseOnSocket(socket, toRefusal(error));
}

function toRefusal({ code }: NodeJS.ErrnoException): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW') return new DomainError('payload_too_large', 'The headers are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new DomainError('request_malformed', 'The request took too long');
  return new DomainError('request_malformed', 'This is not an HTTP request');
}
