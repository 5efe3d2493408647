import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { requestIdOf } from '../common/request-id.js';
import { SIGNALS } from '../common/signals.js';
import { TRACES, type Span, type SpanAttributes } from '../common/tracing.js';
import { personOf } from './person-of.js';

/**
 * Logs one line for each request when it is over. Only what is named here is logged: the route as it
 * was declared (no ids, no search words), never headers, bodies or the address that was asked for.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    const span = beginTrace(request);
    response.once('close', () => {
      const route = routeOf(request);
      const ms = performance.now() - startedAt;
      const { method } = request;
      SIGNALS.request.tell({ method, route, status: response.statusCode, seconds: ms / 1_000 });
      if (route !== null) span?.rename(`${method} ${route}`);
      span?.end(attributesOf(request, response, route), response.statusCode >= 500);
      logger[levelOf(route, response.statusCode)](
        {
          context: 'Http',
          requestId: requestIdOf(request),
          method,
          route,
          status: response.statusCode,
          ms: Math.round(ms * 10) / 10,
          ...userOf(request),
          ...(response.writableFinished ? {} : { aborted: true }),
        },
        `${method} ${route ?? '(no route)'} ${response.statusCode}`,
      );
    });
    if (span === null) next();
    else span.run(next);
  };
}

function routeOf(request: Request): string | null {
  const route: unknown = request.route;
  if (route === null || typeof route !== 'object' || !('path' in route)) return null;
  // The wildcard of the answer to an unknown route says nothing.
  return typeof route.path === 'string' && !route.path.startsWith('*') ? route.path : null;
}

/** Of the API only: probes and files would be most of what is drawn. */
function beginTrace(request: Request): Span | null {
  const { tracer } = TRACES;
  return tracer !== null && request.path.startsWith('/v1/') ? tracer.begin(request.method) : null;
}

function attributesOf(request: Request, { statusCode }: Response, route: string | null): SpanAttributes {
  return {
    'http.request.method': request.method,
    'http.response.status_code': statusCode,
    'parley.request_id': requestIdOf(request),
    ...(route === null ? {} : { 'http.route': route }),
  };
}

function userOf(request: Request): { userId?: string } {
  const userId = personOf(request);
  return userId === null ? {} : { userId };
}

/** Probes and files say nothing unless they are refused; what failed on our side stands out. */
function levelOf(route: string | null, status: number): 'debug' | 'info' | 'warn' {
  if (route?.startsWith('/health') === true) return 'debug';
  if (status >= 500) return 'warn';
  const isFile = route === null || route.startsWith('/docs');
  return isFile && status < 400 ? 'debug' : 'info';
}
