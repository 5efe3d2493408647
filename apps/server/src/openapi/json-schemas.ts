import type { OpenAPIObject, ReferenceObject, SchemaObject } from '@nestjs/swagger';

type Schema = SchemaObject | ReferenceObject;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const UUID_LENGTH = 36;
/** An ISO time with nine decimals and an offset, and some more. */
const TIME_MAX_LENGTH = 40;

/**
 * Turns what Nest writes, the dialect of OpenAPI 3.0, into the JSON Schema of 3.1, which every validator
 * understands: null is a type, and a reference may have a description beside it.
 *
 * What holds of every value of a kind is said here once: numbers are whole and below 2^53, ids and times
 * have the lengths of ids and times, and a body has no other fields than those that are described.
 */
export function toJsonSchemas(document: OpenAPIObject): void {
  for (const schema of Object.values(document.components?.schemas ?? {})) complete(schema);
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      for (const parameter of operation.parameters ?? []) {
        if ('schema' in parameter && parameter.schema !== undefined) complete(parameter.schema);
      }
      const body = operation.requestBody;
      if (body !== undefined && 'content' in body) close(document, body.content['application/json']?.schema);
    }
  }
}

/** In place, because others point to the same object. */
function complete(schema: Schema): void {
  if ('$ref' in schema) return;
  for (const part of partsOf(schema)) complete(part);
  measure(schema);
  inlineSingleReference(schema);
  allowNull(schema);
}

function partsOf({ properties = {}, items, additionalProperties, allOf = [], oneOf = [], anyOf = [] }: SchemaObject) {
  const ofMap = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  return [
    ...Object.values(properties),
    ...(items === undefined ? [] : [items]),
    ...ofMap,
    ...allOf,
    ...oneOf,
    ...anyOf,
  ];
}

function measure(schema: SchemaObject): void {
  if (schema.type === 'number' || schema.type === 'integer') {
    schema.type = 'integer';
    schema.format ??= 'int64';
    schema.minimum ??= 0;
    schema.maximum ??= Number.MAX_SAFE_INTEGER;
  }
  if (schema.format === 'uuid') schema.maxLength = UUID_LENGTH;
  if (schema.format === 'date-time') schema.maxLength = TIME_MAX_LENGTH;
}

/** 3.0 has to wrap a reference to describe it. */
function inlineSingleReference(schema: SchemaObject): void {
  const [only, ...others] = schema.allOf ?? [];
  if (only === undefined || others.length > 0 || !('$ref' in only)) return;
  delete schema.allOf;
  Object.assign(schema, only);
}

function allowNull(schema: SchemaObject & { $ref?: string }): void {
  if (schema.nullable !== true) return;
  delete schema.nullable;
  if (typeof schema.type === 'string') {
    schema.type = [schema.type, 'null'];
  } else if (schema.$ref !== undefined) {
    schema.anyOf = [{ $ref: schema.$ref }, { type: 'null' }];
    delete schema.$ref;
  } else {
    schema.oneOf?.push({ type: 'null' });
  }
}

/** Unknown fields of a body are refused; those of an answer may be new ones, which a client passes over. */
function close(document: OpenAPIObject, schema: Schema | undefined): void {
  if (schema === undefined) return;
  const named = '$ref' in schema ? document.components?.schemas?.[schema.$ref.replace(/^.*\//, '')] : schema;
  if (named !== undefined && !('$ref' in named)) named.additionalProperties = false;
}
