import type { NextFunction, Request, Response } from 'express';
import { newId } from './id.js';

const HEADER = 'X-Request-Id';
/** What another system's id may look like, so that it cannot forge lines in the log. */
const ACCEPTABLE = /^[\w.:-]{8,128}$/;

interface Identified {
  requestId?: string;
}

/** Gives each request an id, its caller's own if that is sane, and says it in the answer. */
export function identifyRequest(request: Request, response: Response, next: NextFunction): void {
  const given = request.get(HEADER);
  const id = given !== undefined && ACCEPTABLE.test(given) ? given : newId();
  (request as Identified).requestId = id;
  response.setHeader(HEADER, id);
  next();
}

/** The id under which a request stands in the log. */
export function requestIdOf(request: Request): string {
  const identified = request as Identified;
  return (identified.requestId ??= newId());
}
