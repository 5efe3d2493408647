import type { OpenAPIObject, OperationObject, ResponseObject, SchemaObject } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, type Problem } from '@parley/contracts';
import { PROBLEMS_EXTENSION } from '../common/api-problems.js';
import { DomainError } from '../common/domain-error.js';
import { ERROR_TABLE, toProblem } from '../common/error-table.js';
import { PUBLIC_EXTENSION } from '../common/public.js';

type Extended = OperationObject & { [PROBLEMS_EXTENSION]?: ErrorCode[]; [PUBLIC_EXTENSION]?: boolean };

export const PROBLEM_SCHEMA: SchemaObject = {
  type: 'object',
  description: 'Every refusal (RFC 9457). Decide by `code`; `title` and `detail` are for people and may change.',
  required: ['type', 'title', 'status', 'code', 'detail', 'retryable', 'requestId'],
  properties: {
    type: { type: 'string', description: '`/problems/<code>`', example: '/problems/validation_failed' },
    title: { type: 'string', description: 'What the code means; the same for each refusal with that code' },
    status: { type: 'integer', description: 'The status of the answer', example: 400 },
    code: { type: 'string', enum: [...ERROR_CODES], description: 'The reason; a closed list' },
    detail: { type: 'string', description: 'What is wrong with this request' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed when it is repeated unchanged' },
    retryInMs: { type: 'integer', description: 'How long to wait before that; equals `Retry-After`' },
    errors: {
      type: 'array',
      description: 'The fields that were not accepted',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'Which field', example: 'limit' },
          message: { type: 'string', description: 'What it must be', example: 'must be a whole number' },
        },
      },
    },
    requestId: { type: 'string', description: "Names this refusal in the server's log" },
  },
};

/**
 * Writes into each operation who may call it and what it refuses: by status what is particular to it
 * (`@ApiProblems`) and what follows from its kind, and as `default` what any route may answer.
 */
export function describeProblems(document: OpenAPIObject): void {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation: Extended | undefined = item[method];
      if (operation === undefined) continue;
      describeOperation(operation, method);
      operation.responses['default'] = toResponse(path.startsWith('/health') ? ['origin_forbidden'] : ANY_ROUTE);
    }
  }
}

const ANY_ROUTE: readonly ErrorCode[] = [
  'request_malformed',
  'payload_too_large',
  'media_type_unsupported',
  'origin_forbidden',
  'service_unavailable',
  'internal_error',
];

function describeOperation(operation: Extended, method: string): void {
  const { [PUBLIC_EXTENSION]: isPublic = false, [PROBLEMS_EXTENSION]: own = [] } = operation;
  Reflect.deleteProperty(operation, PUBLIC_EXTENSION);
  Reflect.deleteProperty(operation, PROBLEMS_EXTENSION);
  operation.security = isPublic ? [] : [{ bearer: [] }];
  for (const [status, codes] of byStatus(new Set([...own, ...codesOfItsKind(operation, method, isPublic)]))) {
    operation.responses[status] ??= toResponse(codes);
  }
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
        examples: Object.fromEntries(codes.map((code) => [code, { value: toExample(code) }])),
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
