import { existsSync, readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { DomainError } from '../common/domain-error.js';

/** `apps/web/dist`, from the sources and from the built server alike. */
const DIST = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

/** What is answered by others; no page of the web client begins like this. */
const OF_OTHERS = ['/v1', '/docs', '/docs-json', '/health', '/socket.io', '/metrics'];

/** Their names change with their contents. */
const HASHED = '/assets/';

/** The encodings in which the build has written files beside the plain ones, the smaller one first. */
const ENCODINGS = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

/**
 * Serves the web client: its files, and its page for every address that a person may have open there.
 *
 * Files whose names change with their contents are kept for a year; everything else a browser asks for again
 * and is told "not modified". No file is looked for on behalf of the API: that would be a call to the system
 * for each of its requests.
 */
export function webClient(): RequestHandler {
  const compressed = listCompressed();
  const files = express.static(DIST, { index: false, redirect: false, setHeaders: describeFile });
  return (request: Request, response: Response, next: NextFunction): void => {
    const { url } = request;
    const path = fileFor(request);
    if (path === null) {
      next();
      return;
    }
    if (compressed.has(path)) response.vary('Accept-Encoding');
    request.url = compressed.get(path)?.(request) ?? path;
    files(request, response, (error?: unknown) => {
      request.url = url;
      next(error);
    });
  };
}

/** Which file answers a request; null when none does. */
function fileFor(request: Request): string | null {
  const { method, path, headers } = request;
  if ((method !== 'GET' && method !== 'HEAD') || isOfOthers(path)) return null;
  if (path === '/') return '/index.html';
  // Somebody opens, reloads or follows a link to a place in the client; what a page loads never asks for HTML.
  const isVisit = headers.accept?.includes('text/html') === true;
  return isVisit && !path.startsWith(HASHED) && extname(path) === '' ? '/index.html' : path;
}

function isOfOthers(path: string): boolean {
  return OF_OTHERS.some((place) => path === place || path.startsWith(`${place}/`));
}

/** By path: which file answers a request for it. It never changes while a server runs. */
function listCompressed(): Map<string, (request: Request) => string> {
  const present = existsSync(DIST) ? readdirSync(DIST, { recursive: true, encoding: 'utf8' }) : [];
  const paths = new Set(present.map((name) => `/${name.replaceAll('\\', '/')}`));
  return new Map(
    [...paths].flatMap((path) => {
      const variants = ENCODINGS.filter(({ suffix }) => paths.has(path + suffix));
      if (variants.length === 0) return [];
      return [[path, (request) => path + suffixFor(request, variants)]];
    }),
  );
}

function suffixFor(request: Request, variants: readonly (typeof ENCODINGS)[number][]): string {
  const accepted = request.acceptsEncodings(variants.map(({ encoding }) => encoding));
  return variants.find(({ encoding }) => encoding === accepted)?.suffix ?? '';
}

function describeFile(response: Response, path: string): void {
  const { encoding, suffix = '' } = ENCODINGS.find((variant) => path.endsWith(variant.suffix)) ?? {};
  if (encoding !== undefined) {
    response.setHeader('Content-Encoding', encoding);
    response.type(extname(path.slice(0, -suffix.length)));
  }
  const isHashed = path.replaceAll('\\', '/').includes(`/dist${HASHED}`);
  response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Ends what is neither a file nor a route outside `/v1`, where NestJS answers for unknown routes itself. */
export function refuseUnknownRoutes(routes: readonly string[]): RequestHandler {
  return ({ path }: Request, _response: Response, next: NextFunction): void => {
    const isOfApi = path === '/v1' || path.startsWith('/v1/');
    if (isOfApi || routes.includes(path.replace(/\/$/, ''))) next();
    else next(new DomainError('route_not_found', 'There is no such route'));
  };
}
