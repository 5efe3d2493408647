import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { ProblemFilter } from '../common/problem.filter.js';
import { RateLimiter } from '../common/rate-limiter.js';
import { identifyRequest } from '../common/request-id.js';
import { ValidationPipe } from '../common/validation.pipe.js';
import { Config } from '../config/config.js';
import { toDomainError } from '../database/database-errors.js';
import { DrainService } from '../health/drain.service.js';
import { serveDocs } from '../openapi/docs.js';
import { hardenServer } from './http-server.js';
import { inOrder } from './in-order.js';
import { JSON_BODIES, refuseLargeBodies, requireJson } from './json-body.js';
import { logRequests } from './request-log.js';
import { RequestRate } from './request-rate.interceptor.js';
import { RequestsInFlight } from './requests-in-flight.interceptor.js';
import { CORS, requireAllowedOrigin, requireHost, securityHeaders } from './security.js';
import { refuseUnknownRoutes, webClient } from './web-client.js';

/** Routes outside `/v1`: what asks for them knows no versions. */
const UNVERSIONED = ['/health', '/health/live', '/health/ready'];

/**
 * Everything between a socket of the operating system and a controller, in the order in which a
 * request passes it: named and logged first, so that every refusal is, then protected, then read.
 * What it refuses, and what controllers throw, ends in the one {@link ProblemFilter}.
 */
export function configureHttp(app: NestExpressApplication, logger: Logger): void {
  const config = app.get(Config);
  hardenServer(app.getHttpServer());
  app.set('trust proxy', config.http.trustProxyHops);
  app.disable('x-powered-by');
  // Answers of the API are never cached, so hashing each of them would be work for nobody.
  app.disable('etag');
  prefixRoutes(app);

  app.use(inOrder(identifyRequest, logRequests(logger), securityHeaders(), requireHost, requireAllowedOrigin(config)));
  app.enableCors(CORS);
  app.use(inOrder(closeWhileDraining(app.get(DrainService)), webClient()));
  serveDocs(app);
  app.use(inOrder(neverStore, refuseUnknownRoutes(UNVERSIONED), requireJson, refuseLargeBodies));
  app.useBodyParser('json', JSON_BODIES);

  app.useGlobalInterceptors(new RequestRate(app.get(RateLimiter)));
  if (config.rateLimits) app.useGlobalInterceptors(new RequestsInFlight());
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(toDomainError));
}

/** Where the routes are: their description has to agree, also when nothing else of the edge is there. */
export function prefixRoutes(app: INestApplication): void {
  app.setGlobalPrefix('v1', { exclude: UNVERSIONED });
}

function neverStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** Sends clients with kept-alive connections to another server, so that closing need not wait for them. */
function closeWhileDraining(drain: DrainService) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    if (drain.draining) response.setHeader('Connection', 'close');
    next();
  };
}
