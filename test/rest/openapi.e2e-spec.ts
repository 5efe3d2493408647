import { ERROR_CODES, type Problem } from '@parley/contracts';
import type {
  OpenAPIObject,
  OperationObject,
  ParameterObject,
  ReferenceObject,
  ResponseObject,
  SchemaObject,
} from '@nestjs/swagger';
import { ERROR_TABLE } from '../../apps/server/src/common/error-table.js';
import { describedApi } from '../support/described-answers.js';
import { handlersOf } from '../support/handlers.js';
import { startApp, type RunningApp } from '../support/start-app.js';

interface Operation {
  name: string;
  path: string;
  method: string;
  operation: OperationObject;
}

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

describe('the description of the API', () => {
  let server: RunningApp;
  let document: OpenAPIObject;
  let operations: Operation[];

  beforeAll(async () => {
    server = await startApp();
    document = (await (await fetch(`${server.url}/docs-json`)).json()) as OpenAPIObject;
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, OperationObject>).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        method,
        operation,
      })),
    );
  });

  afterAll(() => server.close());

  /** Those operations of which `holds` is not true; a test expects none. */
  const failing = (holds: (operation: Operation) => boolean): string[] =>
    operations.filter((operation) => !holds(operation)).map(({ name }) => name);

  function resolve(schema: SchemaObject | ReferenceObject | undefined): SchemaObject {
    if (schema === undefined) throw new Error('there is no schema');
    if (!('$ref' in schema)) return schema;
    return resolve(document.components?.schemas?.[schema.$ref.replace('#/components/schemas/', '')]);
  }

  const bodySchema = ({ operation }: Operation): SchemaObject | ReferenceObject | undefined =>
    operation.requestBody !== undefined && 'content' in operation.requestBody
      ? operation.requestBody.content['application/json']?.schema
      : undefined;

  function problemsOf({ operation }: Operation): { status: string; example: Problem }[] {
    return Object.entries(operation.responses).flatMap(([status, response]) => {
      const { examples = {} } = (response as ResponseObject).content?.['application/problem+json'] ?? {};
      return Object.keys(examples).map((code) => ({
        status,
        example: (document.components?.examples?.[code] as { value: Problem }).value,
      }));
    });
  }

  it('has every route that the server answers', () => {
    const { router } = server.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
    const routes = router.stack
      .flatMap(({ route }) => (route === undefined ? [] : [route]))
      // What takes every method is the answer to an unknown route.
      .filter(({ methods }) => Object.keys(methods).length === 1)
      .filter(({ path }) => path.startsWith('/v1') || path.startsWith('/health'))
      .flatMap(({ path, methods }) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`),
      );
    expect(routes.length).toBeGreaterThan(20);
    expect(operations.map(({ name }) => name).sort()).toEqual(routes.sort());
  });

  it('says in a sentence what each does, under a tag that is explained', () => {
    const tags = new Map(document.tags?.map(({ name, description }) => [name, description]));
    expect(failing(({ operation }) => (operation.summary ?? '').length > 5)).toEqual([]);
    expect(failing(({ operation: { tags: own = [] } }) => own.length === 1 && Boolean(tags.get(own[0] ?? '')))).toEqual(
      [],
    );
  });

  it('gives each an id of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.sort()).toEqual([...handlersOf(server.app).keys()].sort());
  });

  it('describes the body of every route that takes one, with an example of each field', () => {
    const all = handlersOf(server.app);
    expect(
      failing((one) => (bodySchema(one) !== undefined) === all.get(one.operation.operationId ?? '')?.takesBody),
    ).toEqual([]);
    const withBody = operations.filter((one) => bodySchema(one) !== undefined);
    const fields = withBody.flatMap((one) =>
      Object.entries(resolve(bodySchema(one)).properties ?? {}).map(([field, schema]) => ({
        at: `${one.name} ${field}`,
        schema,
      })),
    );
    expect(fields.length).toBeGreaterThan(10);
    expect(fields.filter(({ schema }) => !('example' in schema) && !('enum' in schema)).map(({ at }) => at)).toEqual(
      [],
    );
  });

  it('proposes bodies without what can be left out', () => {
    const proposed = document.paths['/v1/conversations/{id}/messages']?.post?.requestBody;
    const example: unknown =
      proposed !== undefined && 'content' in proposed ? proposed.content['application/json']?.example : null;
    expect(example).toEqual({ clientId: expect.any(String), body: expect.any(String) });
  });

  const parametersOf = ({ operation }: Operation): ParameterObject[] =>
    (operation.parameters ?? []).flatMap((parameter) => ('name' in parameter ? [parameter] : []));

  it('describes the parameters of every route', () => {
    const undescribed = operations.flatMap((one) => {
      const described = parametersOf(one).map(({ name }) => name);
      return [...one.path.matchAll(/{(\w+)}/g)].flatMap(([, parameter = '']) =>
        described.includes(parameter) ? [] : [`${one.name} ${parameter}`],
      );
    });
    expect(undescribed).toEqual([]);
  });

  /** The examples of a parameter, wherever they stand. */
  function examplesOf({ schema, examples = {} }: ParameterObject): unknown[] {
    const { example, examples: list = [] } = (schema ?? {}) as { example?: unknown; examples?: unknown[] };
    return [example, ...list, ...Object.values(examples)];
  }

  it('explains every parameter, with an example', () => {
    const isExplained = (parameter: ParameterObject): boolean =>
      Boolean(parameter.description) &&
      examplesOf(parameter).some((example) => example !== undefined && example !== '');
    expect(operations.flatMap(parametersOf).length).toBeGreaterThan(30);
    expect(failing((one) => parametersOf(one).every(isExplained))).toEqual([]);
  });

  it('proposes to leave out each parameter that may be left out and has no default', () => {
    const free = operations
      .flatMap(parametersOf)
      .filter(({ required, schema }) => required !== true && !(schema !== undefined && 'default' in schema));
    expect(free.map(({ name }) => name)).toEqual(expect.arrayContaining(['cursor', 'before', 'version']));
    // What Swagger UI fills in by itself.
    const filledIn = free.filter(
      ({ schema, example, examples }) => example !== undefined || examples !== undefined || 'example' in (schema ?? {}),
    );
    expect(filledIn.map(({ name }) => name)).toEqual([]);
  });

  it('says of every answer what it means', () => {
    expect(
      failing(({ operation }) =>
        Object.values(operation.responses).every((response) => Boolean((response as ResponseObject).description)),
      ),
    ).toEqual([]);
  });

  it('says of every field of the bodies and refusals what it is, or shows it', () => {
    const bodies = operations.flatMap((one) => {
      const schema = bodySchema(one);
      return schema === undefined ? [] : [{ at: one.name, schema }];
    });
    const refusal = { at: 'Problem', schema: { $ref: '#/components/schemas/Problem' } };
    const fields = [...bodies, refusal].flatMap(({ at, schema }) => fieldsOf(at, schema));
    expect(fields.map(({ at }) => at)).toContain('Problem.errors[].path');
    const bare = fields.filter(({ schema }) => !('description' in schema) && !('example' in schema));
    expect(bare.map(({ at }) => at)).toEqual([]);
  });

  /** The fields of an object, and of the objects in its lists. */
  function fieldsOf(
    at: string,
    schema: SchemaObject | ReferenceObject,
  ): { at: string; schema: SchemaObject | ReferenceObject }[] {
    return Object.entries(resolve(schema).properties ?? {}).flatMap(([name, field]) => {
      const { items } = resolve(field);
      return [
        { at: `${at}.${name}`, schema: field },
        ...(items === undefined ? [] : fieldsOf(`${at}.${name}[]`, items)),
      ];
    });
  }

  it('describes a success of every route, with its body unless there is none', () => {
    expect(
      failing(({ operation }) =>
        Object.entries(operation.responses)
          .filter(([status]) => status.startsWith('2'))
          .some(([status, response]) => {
            const schema = (response as ResponseObject).content?.['application/json']?.schema;
            return status === '204' ? schema === undefined : Object.keys(resolve(schema)).length > 0;
          }),
      ),
    ).toEqual([]);
  });

  it('asks for a token exactly where the server does', () => {
    const all = handlersOf(server.app);
    expect(
      failing(({ operation }) => {
        const isOpen = JSON.stringify(operation.security) === '[]';
        const isLocked = JSON.stringify(operation.security) === '[{"bearer":[]}]';
        return all.get(operation.operationId ?? '')?.isPublic === true ? isOpen : isLocked;
      }),
    ).toEqual([]);
  });

  it('names at least one refusal of every route, and only such as exist', () => {
    expect(failing((one) => problemsOf(one).length > 0)).toEqual([]);
    expect(
      failing((one) =>
        problemsOf(one).every(
          ({ status, example }) =>
            ERROR_CODES.includes(example.code) && String(ERROR_TABLE[example.code].status) === status,
        ),
      ),
    ).toEqual([]);
  });

  it('is what stands in docs/openapi.json, which `npm run contracts` writes', () => {
    expect(document).toEqual(describedApi());
  });

  it('keeps its notes to itself', () => {
    expect(JSON.stringify(document.paths)).not.toContain('"x-');
  });
});

describe('Swagger UI', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });

  afterAll(() => server.close());

  it.each(['/docs', '/docs/'])('comes from this server alone (%s)', async (path) => {
    const answer = await fetch(`${server.url}${path}`);
    expect(answer.status).toBe(200);
    const page = await answer.text();
    const references = [...page.matchAll(/(?:src|href)=["']([^"']+)["']/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(3);
    for (const reference of references) {
      const url = new URL(reference, answer.url);
      expect(url.origin).toBe(server.url);
      const part = await fetch(url);
      await part.arrayBuffer();
      expect(part.status).toBe(200);
    }
  });

  it('runs under a policy that allows no foreign and no inline script', async () => {
    const { headers } = await fetch(`${server.url}/docs`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/script-src|https?:|\*/);
  });

  it('has a page about Socket.IO beside it, with its style', async () => {
    const answer = await fetch(`${server.url}/docs/realtime`);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await answer.text()).toContain('<code>message:send</code>');
    const style = await fetch(new URL('realtime.css', answer.url));
    expect(style.headers.get('content-type')).toContain('text/css');
    await style.text();
    expect((await fetch(`${server.url}/docs/realtime/nothing`)).status).toBe(404);
  });

  it('lets a person authorize once and come back', async () => {
    const code = await (await fetch(`${server.url}/docs/swagger-ui-init.js`)).text();
    expect(code).toContain('"persistAuthorization": true');
    expect(code).toContain('"bearer"');
  });
});
