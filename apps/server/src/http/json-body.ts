import { isUtf8 } from 'node:buffer';
import type { NextFunction, Request, Response } from 'express';
import { LIMITS } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';
import { requestIdOf } from '../common/request-id.js';
import { writeRefusal } from './refusals.js';

/**
 * Bodies are JSON, and nothing else: objects and arrays in UTF-8, not compressed, up to the limit. What is in
 * them is for `common/validation.ts` to judge.
 */
export const JSON_BODIES = {
  type: 'application/json',
  limit: LIMITS.payloadMaxBytes,
  /** A small compressed body can unpack to a huge one. */
  inflate: false,
  verify: (_request: unknown, _response: unknown, body: Buffer) => requireUtf8(body),
};

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** The first of what stands before the parser. */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (!hasBody(request)) {
    next();
    return;
  }
  const [, charset = 'utf-8'] = CHARSET.exec(request.get('content-type') ?? '') ?? [];
  const isJson = request.is('application/json') === 'application/json' && charset.toLowerCase() === 'utf-8';
  if (isJson) next();
  else next(new DomainError('media_type_unsupported', 'Send JSON in UTF-8 as application/json'));
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** How long a client that was refused may go on sending, so that it gets to read why. */
const LINGER_MS = 1_000;

/**
 * Refuses as soon as it is known that a body is too large. The parser would first read it to its end, which
 * may never come.
 */
export function refuseLargeBodies(request: Request, response: Response, next: NextFunction): void {
  if (Number(request.headers['content-length'] ?? 0) > LIMITS.payloadMaxBytes) {
    refuseLargeBody(request, response);
    return;
  }
  // A body without a length is counted. Nothing flows before the parser listens as well, in this same turn.
  if (request.headers['transfer-encoding'] !== undefined) {
    let bytes = 0;
    request.on('data', function count(chunk: Buffer) {
      bytes += chunk.length;
      if (bytes <= LIMITS.payloadMaxBytes) return;
      request.off('data', count);
      refuseLargeBody(request, response);
    });
  }
  next();
}

/** Closing with bytes unread would make the system reset the connection, and take the answer with it. */
function refuseLargeBody(request: Request, response: Response): void {
  const words = `A body may have ${LIMITS.payloadMaxBytes} bytes`;
  writeRefusal(response, new DomainError('payload_too_large', words), requestIdOf(request));
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}

/** A decoder would quietly put U+FFFD for what it cannot read, and store something nobody sent. */
function requireUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new DomainError('request_malformed', 'The body is not UTF-8');
}
