import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { DomainError } from '../common/domain-error.js';

/** `apps/server/public`, from the sources and from the built server alike. */
const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));

/** The first page. Its files keep their names, so a browser asks each time and is told "not modified". */
export function serveFirstPage(app: NestExpressApplication): void {
  app.useStaticAssets(PUBLIC, { setHeaders: (response: Response) => response.set('Cache-Control', 'no-cache') });
}

/** Ends what is neither a file nor a route outside `/v1`, where NestJS answers for unknown routes itself. */
export function refuseUnknownRoutes(routes: readonly string[]): RequestHandler {
  return ({ path }: Request, _response: Response, next: NextFunction): void => {
    if (path === '/v1' || path.startsWith('/v1/') || routes.includes(path.replace(/\/$/, ''))) next();
    else next(new DomainError('route_not_found', 'There is no such route'));
  };
}
