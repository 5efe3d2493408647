import type { OpenAPIObject, ParameterObject } from '@nestjs/swagger';

/**
 * Has Swagger UI propose to leave out what can be left out. It fills in an `example`, and a request with a
 * made-up cursor, or with all of `before`, `after` and `around`, is refused; from the list `examples` of
 * JSON Schema it takes none.
 */
export function proposeParameters(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      for (const parameter of item[method]?.parameters ?? []) {
        if ('name' in parameter && parameter.required !== true) proposeNone(parameter);
      }
    }
  }
}

function proposeNone(parameter: ParameterObject): void {
  const { schema } = parameter;
  // What has a default is harmless: the example is as good as that.
  if (schema === undefined || !('example' in schema) || schema.default !== undefined) return;
  const { example, ...rest } = schema as { example: unknown };
  parameter.schema = { ...rest, examples: [example] };
}
