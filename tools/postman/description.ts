/** The part of an OpenAPI description that a story needs. */
export interface Description {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  parameters?: { name: string; in: string; description?: string }[];
  security: unknown[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, Answer | undefined>;
}

export interface Answer {
  description: string;
  content?: Record<string, { schema: Schema; examples?: Record<string, unknown> }>;
}

export interface Schema {
  $ref?: string;
  required?: string[];
}

/** An operation with where it is. */
export interface Located {
  method: string;
  path: string;
  operation: Operation;
}

/** @throws Error when there is no operation with this id */
export function findOperation(description: Description, id: string): Located {
  for (const [path, item] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (operation.operationId === id) return { method: method.toUpperCase(), path, operation };
    }
  }
  throw new Error(`docs/openapi.json has no operation ${id}`);
}

/** The fields that an answer has in any case; none when it has no body. */
export function fieldsOf({ components }: Description, { content = {} }: Answer): string[] {
  const [media] = Object.values(content);
  const name = media?.schema.$ref?.split('/').at(-1) ?? '';
  return (components.schemas[name] ?? media?.schema)?.required ?? [];
}
