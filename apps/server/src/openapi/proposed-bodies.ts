import type { OpenAPIObject, ReferenceObject, SchemaObject } from '@nestjs/swagger';

/**
 * Gives each body an example of what is required and nothing else. Swagger UI would otherwise propose
 * every field there is, and an optional one (the number of a message to answer, say) that names
 * something made up has the request refused.
 */
export function proposeBodies(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const method of ['post', 'put', 'patch', 'delete'] as const) {
      const body = item[method]?.requestBody;
      if (body === undefined || !('content' in body)) continue;
      const media = body.content['application/json'];
      if (media?.schema !== undefined) media.example ??= exampleOf(document, media.schema);
    }
  }
}

function exampleOf(document: OpenAPIObject, schema: SchemaObject | ReferenceObject): unknown {
  const { properties = {}, required = [] } = resolve(document, schema);
  const proposed = Object.entries(properties).filter(([field]) => required.length === 0 || required.includes(field));
  return Object.fromEntries(
    proposed.map(([field, property]) => [field, 'example' in property ? property.example : undefined]),
  );
}

function resolve(document: OpenAPIObject, schema: SchemaObject | ReferenceObject): SchemaObject {
  if (!('$ref' in schema)) return schema;
  const named = document.components?.schemas?.[schema.$ref.replace('#/components/schemas/', '')];
  return named === undefined ? {} : resolve(document, named);
}
