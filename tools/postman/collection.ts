import { fieldsOf, findOperation, type Description, type Located } from './description.js';
import type { Step, Story } from './story.js';

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

/** A Postman collection (format 2.1) that can be run from its top: one folder for each story. */
export function toCollection(description: Description, stories: readonly Story[]): object {
  return {
    info: {
      name: description.info.title,
      description:
        'Generated from docs/openapi.json by `npm run contracts`. Run the folders from the top: each request carries ' +
        'on what the later ones need, and tests its answer.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item: stories.map(({ name, description: text, steps }) => ({
      name,
      description: text,
      item: steps.map((step) => toItem(description, step)),
    })),
    variable: [{ key: 'baseUrl', value: 'http://127.0.0.1:3000' }],
  };
}

/** The environment: where the server is. What a run carries on is in the collection's own variables. */
export function toEnvironment(): object {
  return {
    name: 'Parley on this computer',
    values: [{ key: 'baseUrl', value: 'http://127.0.0.1:3000', type: 'default', enabled: true }],
    _postman_variable_scope: 'environment',
  };
}

function toItem(description: Description, step: Step): object {
  const located = step.operation === null ? null : findOperation(description, step.operation);
  return {
    name: step.name,
    event: [...script('prerequest', step.before ?? []), ...script('test', testsOf(description, step, located))],
    request: {
      method: located?.method ?? 'GET',
      description: [located?.operation.summary, located?.operation.description].filter(Boolean).join('\n\n'),
      auth:
        step.as === undefined
          ? { type: 'noauth' }
          : { type: 'bearer', bearer: [{ key: 'token', value: `{{${step.as}Token}}`, type: 'string' }] },
      header: [{ key: 'Accept', value: JSON_TYPE }, ...headersOf(step)],
      ...bodyOf(step),
      url: urlOf(step, located),
    },
  };
}

const script = (listen: string, lines: readonly string[]): object[] =>
  lines.length === 0 ? [] : [{ listen, script: { type: 'text/javascript', exec: lines } }];

const headersOf = ({ body, contentType = JSON_TYPE }: Step): object[] =>
  body === undefined ? [] : [{ key: 'Content-Type', value: contentType }];

function bodyOf({ body }: Step): object {
  if (body === undefined) return {};
  const raw = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  return { body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } };
}

function urlOf({ path = {}, query = {}, name }: Step, located: Located | null): object {
  const filled = (located?.path ?? '/{route}').replace(/{(\w+)}/g, (_hole, parameter: string) => {
    const value = path[parameter];
    if (value === undefined) throw new Error(`"${name}" says nothing of ${parameter}`);
    return value;
  });
  const parameters = Object.entries(query).map(([key, value]) => ({ key, value }));
  const search = parameters.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{baseUrl}}${filled}${search === '' ? '' : `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: filled.slice(1).split('/'),
    ...(parameters.length === 0 ? {} : { query: parameters }),
  };
}

function testsOf(description: Description, step: Step, located: Located | null): string[] {
  const { status, code, carry = {}, check = [] } = step;
  const answer = located?.operation.responses[String(status)];
  if (located !== null && answer === undefined) throw new Error(`${step.name}: ${status} is not described`);
  const problems = answer?.content?.[PROBLEM_TYPE]?.examples ?? {};
  if (code !== undefined && located !== null && !(code in problems)) throw new Error(`${step.name}: ${code} is not`);
  const hasStatus = `pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`;
  if (answer !== undefined && answer.content === undefined) return [hasStatus];
  const fields = answer === undefined ? [] : fieldsOf(description, answer);
  return [
    hasStatus,
    'const answer = pm.response.json();',
    ...(fields.length === 0
      ? []
      : [expectation('has every field', `expect(answer).to.include.all.keys(${quote(fields)})`)]),
    ...(code === undefined ? [] : [expectation(`is refused as ${code}`, `expect(answer.code).to.eql(${quote(code)})`)]),
    ...check.map(([sentence, expression, expected]) =>
      expectation(sentence, `expect(${expression}).to.eql(${expected})`),
    ),
    ...Object.entries(carry).map(([name, place]) => `pm.collectionVariables.set(${quote(name)}, answer${at(place)});`),
  ];
}

const expectation = (sentence: string, line: string): string => `pm.test(${quote(sentence)}, () => pm.${line});`;

const quote = (value: unknown): string => JSON.stringify(value);

/** `items.1.id` as JavaScript. */
const at = (place: string): string =>
  place
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('');
