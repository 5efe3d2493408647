import { isUtf8 } from 'node:buffer';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { LIMITS } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';

const JSON_OPTIONS = {
  type: 'application/json',
  limit: LIMITS.payloadMaxBytes,
  /** A small compressed body can unpack to a huge one. */
  inflate: false,
  verify: (_request: unknown, _response: unknown, body: Buffer) => requireUtf8(body),
};

/**
 * Reads JSON bodies, and nothing else: objects and arrays in UTF-8, not compressed, up to the limit.
 * What is in them is for `common/validation.ts` to judge.
 */
export function readJsonBodies(app: NestExpressApplication): void {
  app.use(requireJson);
  app.useBodyParser('json', JSON_OPTIONS);
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const [, charset = 'utf-8'] = CHARSET.exec(request.get('content-type') ?? '') ?? [];
  const isJson = request.is('application/json') === 'application/json' && charset.toLowerCase() === 'utf-8';
  if (isJson || !hasBody(request)) next();
  else next(new DomainError('media_type_unsupported', 'Send JSON in UTF-8 as application/json'));
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A decoder would quietly put U+FFFD for what it cannot read, and store something nobody sent. */
function requireUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new DomainError('request_malformed', 'The body is not UTF-8');
}
