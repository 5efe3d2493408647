import { createServer, IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express, Response } from 'express';

/** As `createServer` takes them; times in milliseconds. */
const OPTIONS: ServerOptions = {
  /** Longer than the minute for which proxies usually keep an idle connection, so that they close first. */
  keepAliveTimeout: 65_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** With the default of 30 s, slow headers would live that much longer. */
  connectionsCheckingInterval: 5_000,
  /** Node's own refusal is without a body; `http-edge.ts` refuses instead. */
  requireHostHeader: false,
};

/** NestJS on Express, without what takes long in Express and changes nothing in an API of JSON. */
export class HttpAdapter extends ExpressAdapter {
  /**
   * Requests and responses are born with the prototypes that Express gives them. Given later, as it does, V8
   * (up to that of Node.js 22) makes new hidden classes for each request, and no property of it is found by a
   * cache any more: a sixth of what a small request takes.
   */
  override initHttpServer(): void {
    const express = this.getInstance<Express>();
    class Incoming extends IncomingMessage {}
    class Outgoing extends ServerResponse {}
    express.request = putBefore(express.request, Incoming.prototype);
    express.response = putBefore(express.response, Outgoing.prototype);
    this.setHttpServer(createServer({ ...OPTIONS, IncomingMessage: Incoming, ServerResponse: Outgoing }, express));
  }

  /** JSON is written as it is: it has no tag and so is never "not modified", and its type is known. */
  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (!isJson(body)) return super.reply(response, body, statusCode);
    if (statusCode !== undefined) response.statusCode = statusCode;
    const text = JSON.stringify(body);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(text));
    return response.end(text);
  }
}

function isJson(body: unknown): body is object {
  return typeof body === 'object' && body !== null && !(body instanceof StreamableFile);
}

/** What inherits from `prototype` from now on. */
function putBefore<T extends object>(prototype: T, heir: object): T {
  return Object.setPrototypeOf(heir, prototype) as T;
}
