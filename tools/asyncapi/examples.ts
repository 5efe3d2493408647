import { LIMITS } from '@parley/contracts';
import type { Schema } from './type-schemas.js';

const ID = '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a';
const TIME = '2026-11-23T10:15:00.000Z';

/** What stands in an example, by the name of the field; everything else follows from its schema. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  ...LIMITS,
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk3…',
  body: 'Hello, Ben!',
  change: 'edited',
  data: null,
  deletedAt: null,
  deliveredSeq: 42,
  detail: 'There is no such conversation',
  displayName: 'Ada Lovelace',
  editedAt: null,
  emoji: '👍',
  epoch: ID,
  changedSeq: null,
  nextCursor: null,
  readSeq: 42,
  replyTo: null,
  retryInMs: 1_000,
  seq: 42,
  title: 'Analytical engines',
  username: 'ada',
};

/** Makes one value that fits a schema, the same each time; without the fields that may be left out. */
export function exampleOf(named: Readonly<Record<string, Schema>>, schema: Schema, field = ''): unknown {
  const { $ref, type, allOf, anyOf, items, properties, required = [] } = schema;
  const known = BY_NAME[field];
  if (known !== undefined && fits(schema, known)) return known;
  if ($ref !== undefined) return exampleOf(named, named[$ref.split('/').at(-1) ?? ''] ?? {}, field);
  const [first] = allOf ?? anyOf ?? [];
  if (first !== undefined) return exampleOf(named, first, field);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (properties !== undefined) {
    const fields = Object.entries(properties).filter(([name]) => required.includes(name));
    return Object.fromEntries(fields.map(([name, part]) => [name, exampleOf(named, part, name)]));
  }
  if (items !== undefined) return field === 'mentions' || field === 'removed' ? [] : [exampleOf(named, items, field)];
  return ofType(typeof type === 'string' ? type : (type?.[0] ?? 'null'), schema);
}

function ofType(type: string, { format, minimum, additionalProperties }: Schema): unknown {
  switch (type) {
    case 'string':
      if (format === undefined) return 'text';
      return format === 'uuid' ? ID : TIME;
    case 'integer':
      return Math.max(1, minimum ?? 0);
    case 'boolean':
      return false;
    case 'object':
      return additionalProperties === undefined ? {} : { [ID]: 42 };
    default:
      return null;
  }
}

/** Null fits where null may stand, other values where their type does. */
function fits({ type, anyOf = [], $ref }: Schema, value: unknown): boolean {
  const types = [type, ...anyOf.map((one) => one.type)].flat();
  if (value === null) return types.includes('null');
  if (typeof value === 'number') return types.includes('integer');
  return types.includes('string') || $ref !== undefined;
}
