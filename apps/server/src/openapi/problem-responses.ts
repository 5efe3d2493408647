import type { OpenAPIObject, OperationObject, ResponseObject } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, type Problem } from '@parley/contracts';
import { PROBLEMS_EXTENSION } from '../common/api-problems.js';
import { DomainError } from '../common/domain-error.js';
import { ERROR_TABLE, toProblem } from '../common/error-table.js';
import { PUBLIC_EXTENSION } from '../common/public.js';
import { PROBLEM_SCHEMA } from './problem-schema.js';

type Extended = OperationObject & { [PROBLEMS_EXTENSION]?: ErrorCode[]; [PUBLIC_EXTENSION]?: boolean };

/**
 * Writes into each operation who may call it and what it refuses: by status what is particular to it
 * (`@ApiProblems`), what follows from its kind, and what any route may answer. It is the whole list: the
 * end-to-end tests refuse an answer that is not on it.
 */
export function describeProblems(document: OpenAPIObject): void {
  const used = new Set<ErrorCode>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation: Extended | undefined = item[method];
      if (operation === undefined) continue;
      const codes = codesOf(operation, method, path.startsWith('/health') ? HEALTH : ANY_ROUTE);
      for (const code of codes) used.add(code);
      describeOperation(operation, codes);
    }
  }
  const examples = ERROR_CODES.filter((code) => used.has(code)).map((code) => [code, { value: toExample(code) }]);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: structuredClone(PROBLEM_SCHEMA) },
    examples: Object.fromEntries(examples) as Record<string, { value: Problem }>,
  };
}

const HEALTH: readonly ErrorCode[] = ['request_malformed', 'origin_forbidden', 'internal_error'];

const ANY_ROUTE: readonly ErrorCode[] = [
  'request_malformed',
  'payload_too_large',
  'media_type_unsupported',
  'origin_forbidden',
  'service_unavailable',
  'internal_error',
];

function codesOf(operation: Extended, method: string, anyway: readonly ErrorCode[]): Set<ErrorCode> {
  const { [PUBLIC_EXTENSION]: isPublic = false, [PROBLEMS_EXTENSION]: own = [] } = operation;
  return new Set([...own, ...codesOfItsKind(operation, method, isPublic), ...anyway]);
}

function describeOperation(operation: Extended, codes: ReadonlySet<ErrorCode>): void {
  operation.security = operation[PUBLIC_EXTENSION] === true ? [] : [{ bearer: [] }];
  Reflect.deleteProperty(operation, PUBLIC_EXTENSION);
  Reflect.deleteProperty(operation, PROBLEMS_EXTENSION);
  for (const [status, those] of byStatus(codes)) operation.responses[status] ??= toResponse(those);
}

const OF_A_PERSON: readonly ErrorCode[] = [
  'token_missing',
  'token_invalid',
  'token_expired',
  'session_ended',
  'too_many_in_flight',
];

function codesOfItsKind(
  { requestBody, parameters = [] }: OperationObject,
  method: string,
  isPublic: boolean,
): ErrorCode[] {
  const hasInput = requestBody !== undefined || parameters.length > 0;
  return [
    ...(hasInput ? (['validation_failed'] as const) : []),
    ...(isPublic ? [] : OF_A_PERSON),
    ...(isPublic && method === 'get' ? [] : (['rate_limited'] as const)),
  ];
}

/** In the order of the contract's list, so that the same codes always read the same. */
function byStatus(codes: ReadonlySet<ErrorCode>): Map<string, ErrorCode[]> {
  const groups = new Map<string, ErrorCode[]>();
  for (const code of ERROR_CODES) {
    if (!codes.has(code)) continue;
    const status = String(ERROR_TABLE[code].status);
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}

function toResponse(codes: readonly ErrorCode[]): ResponseObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_TABLE[code].title}`).join('  \n'),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

function toExample(code: ErrorCode): Problem {
  const { retryable, title } = ERROR_TABLE[code];
  const details = {
    ...(retryable ? { retryInMs: 1_500 } : {}),
    ...(code === 'validation_failed' ? { errors: [{ path: 'limit', message: 'must be a whole number' }] } : {}),
  };
  return toProblem(new DomainError(code, title, details), '0197f2c4-6d1e-7a90-b6f1-2f6f5a0d1c11');
}
