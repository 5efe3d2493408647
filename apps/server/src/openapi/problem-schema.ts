import type { SchemaObject } from '@nestjs/swagger';
import { ERROR_CODES } from '@parley/contracts';

/** Of what an answer says about itself: twenty fields, each with a path and a sentence, make the longest. */
const DETAIL_MAX_LENGTH = 65_536;
const SENTENCE_MAX_LENGTH = 1_000;

export const PROBLEM_SCHEMA: SchemaObject = {
  type: 'object',
  description: 'Every refusal (RFC 9457). Decide by `code`; `title` and `detail` are for people and may change.',
  required: ['type', 'title', 'status', 'code', 'detail', 'retryable', 'requestId'],
  properties: {
    type: {
      type: 'string',
      format: 'uri-reference',
      maxLength: 100,
      description: '`/problems/<code>`',
      example: '/problems/validation_failed',
    },
    title: {
      type: 'string',
      maxLength: SENTENCE_MAX_LENGTH,
      description: 'What the code means; the same for each refusal with that code',
    },
    status: {
      type: 'integer',
      format: 'int32',
      minimum: 400,
      maximum: 599,
      description: 'The status of the answer',
      example: 400,
    },
    code: { type: 'string', enum: [...ERROR_CODES], description: 'The reason; a closed list' },
    detail: { type: 'string', maxLength: DETAIL_MAX_LENGTH, description: 'What is wrong with this request' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed when it is repeated unchanged' },
    retryInMs: { type: 'integer', description: 'How long to wait before that; equals `Retry-After`' },
    errors: {
      type: 'array',
      maxItems: 20,
      description: 'The fields that were not accepted',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', maxLength: DETAIL_MAX_LENGTH, description: 'Which field', example: 'limit' },
          message: {
            type: 'string',
            maxLength: DETAIL_MAX_LENGTH,
            description: 'What it must be',
            example: 'must be a whole number',
          },
        },
      },
    },
    requestId: { type: 'string', maxLength: 128, description: "Names this refusal in the server's log" },
  },
};
