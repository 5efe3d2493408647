import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { DomainError } from '../common/domain-error.js';
import { isAllowedOrigin } from '../common/origins.js';
import type { Config } from '../config/config.js';

const SANE_HOST = /^[\w.:[\]-]{1,255}$/;

/** Some browsers do not take `'self'` for the sockets of the same host, so these are named. */
function socketsOfThisHost(request: IncomingMessage): string {
  const { host = '' } = request.headers;
  return SANE_HOST.test(host) ? `ws://${host} wss://${host}` : "'self'";
}

const STRICT = {
  'default-src': ["'self'"],
  'connect-src': ["'self'", (request: IncomingMessage, _response: ServerResponse) => socketsOfThisHost(request)],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** Swagger UI brings styles in its page; its scripts stay files of ours. */
const FOR_SWAGGER_UI = { ...STRICT, 'style-src': ["'self'", "'unsafe-inline'"] };

function headersWith(directives: typeof STRICT): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    // Browsers heed this over TLS only; what other hosts of the domain do is not ours to say.
    strictTransportSecurity: { maxAge: 180 * 86_400, includeSubDomains: false },
  });
}

/** The protective headers of every answer. */
export function securityHeaders(): RequestHandler {
  const strict = headersWith(STRICT);
  const forSwaggerUi = headersWith(FOR_SWAGGER_UI);
  return (request: Request, response: Response, next: NextFunction): void => {
    const isDocs = request.path === '/docs' || request.path.startsWith('/docs/');
    (isDocs ? forSwaggerUi : strict)(request, response, next);
  };
}

/** Every request but those of HTTP/1.0 has to say whom it is for. */
export function requireHost(request: Request, _response: Response, next: NextFunction): void {
  if (request.headers.host !== undefined || request.httpVersion === '1.0') next();
  else next(new DomainError('request_malformed', 'A request needs a Host header'));
}

/** Refuses pages of other sites, also for the simple requests that browsers send without asking first. */
export function requireAllowedOrigin(config: Config): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const { origin, host } = request.headers;
    if (isAllowedOrigin(config, { origin, host })) next();
    else next(new DomainError('origin_forbidden', 'Pages of this origin may not use this server'));
  };
}

/** What a page of an allowed origin may send and read. The list itself is kept by {@link requireAllowedOrigin}. */
export const CORS: CorsOptions = {
  origin: true,
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['Authorization', 'Content-Type', 'X-Request-Id'],
  exposedHeaders: ['Retry-After', 'X-Request-Id'],
  // The one cookie that there is goes to /v1/auth, and only from pages of the same site.
  credentials: true,
  maxAge: 600,
};
