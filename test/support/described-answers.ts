import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenAPIObject, OperationObject, ResponseObject } from '@nestjs/swagger';
import type { Problem } from '@parley/contracts';
import { checker, type Check } from './schemas.js';

/**
 * Holds every answer against `docs/openapi.json`: status, media type, the shape of the body and, of a refusal,
 * the code. The file is read, and a schema compiled, when it is first needed.
 */
const FILE = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/openapi.json');

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** How much of an answer a complaint repeats. */
const SHOWN = 1_000;

interface Described {
  pattern: RegExp;
  /** Of two paths that fit, `/users/me` is meant before `/users/{id}`. */
  holes: number;
  operation: OperationObject;
}

interface Answered {
  status: number;
  body: unknown;
  headers: Headers;
}

let parsed: OpenAPIObject | undefined;
let operations: Map<string, Described[]> | undefined;
let check: Check | undefined;

/** What `docs/openapi.json` says. */
export function describedApi(): OpenAPIObject {
  return (parsed ??= JSON.parse(readFileSync(FILE, 'utf8')) as OpenAPIObject);
}

/** @throws Error that names the request and what about its answer is not described */
export function expectDescribed(method: string, url: string, answer: Answered): void {
  const { status, body, headers } = answer;
  const [path = ''] = url.split('?');
  const found = find(method, path);
  const complain = (what: string): never => {
    throw new Error(
      `${method.toUpperCase()} ${url} answered ${status}: ${what}. It said ${JSON.stringify(body).slice(0, SHOWN)}`,
    );
  };
  if (found === undefined) {
    if (status < 400) complain('docs/openapi.json does not describe this request');
    requireShape(PROBLEM, body, complain);
    return;
  }
  const response = found.operation.responses[String(status)] as ResponseObject | undefined;
  if (response === undefined) return complain('its status is not described');
  const [media = ''] = (headers.get('content-type') ?? '').split(';');
  if (response.content === undefined) {
    if (body !== null) complain('it has a body');
    return;
  }
  const content = response.content[media];
  if (content === undefined) return complain(`its media type ${media} is not described`);
  requireShape(content.schema ?? {}, body, complain);
  if (media === 'application/problem+json' && !((body as Problem).code in (content.examples ?? {}))) {
    complain('its code is not described');
  }
}

function requireShape(schema: object, body: unknown, complain: (what: string) => never): void {
  check ??= checker(describedApi().components?.schemas ?? {});
  const problem = check(schema, body);
  if (problem !== null) complain(`its body is not as described: ${problem}`);
}

function find(method: string, path: string): Described | undefined {
  operations ??= index(describedApi());
  return operations.get(method)?.find(({ pattern }) => pattern.test(path));
}

function index({ paths }: OpenAPIObject): Map<string, Described[]> {
  const all = new Map<string, Described[]>();
  for (const [path, item] of Object.entries(paths)) {
    const pattern = new RegExp(`^${path.replace(/{\w+}/g, '[^/]+')}/?$`);
    const holes = path.split('{').length;
    for (const [method, operation] of Object.entries(item as Record<string, OperationObject>)) {
      all.set(method, [...(all.get(method) ?? []), { pattern, holes, operation }]);
    }
  }
  for (const list of all.values()) list.sort((a, b) => a.holes - b.holes);
  return all;
}
