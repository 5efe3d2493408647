import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { DomainError } from '../common/domain-error.js';

/** `apps/server/public`, from the sources and from the built server alike. */
const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));

/**
 * The first page. Its files keep their names, so a browser asks each time and is told "not modified". No
 * file is looked for on behalf of the API: that would be a call to the system for each of its requests.
 */
export function serveFirstPage(app: NestExpressApplication): void {
  const serve = express.static(PUBLIC, { setHeaders: (response) => response.set('Cache-Control', 'no-cache') });
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (isOfApi(request.path)) next();
    else serve(request, response, next);
  });
}

const isOfApi = (path: string): boolean => path === '/v1' || path.startsWith('/v1/');

/** Ends what is neither a file nor a route outside `/v1`, where NestJS answers for unknown routes itself. */
export function refuseUnknownRoutes(routes: readonly string[]): RequestHandler {
  return ({ path }: Request, _response: Response, next: NextFunction): void => {
    if (isOfApi(path) || routes.includes(path.replace(/\/$/, ''))) next();
    else next(new DomainError('route_not_found', 'There is no such route'));
  };
}
