import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import express, { type Response } from 'express';
import { toJsonSchemas } from './json-schemas.js';
import { describeProblems } from './problem-responses.js';
import { proposeBodies } from './proposed-bodies.js';
import { proposeParameters } from './proposed-parameters.js';

const DESCRIPTION = `
Direct and group conversations that last, over REST and Socket.IO.

**Talk from this page in three steps**

1. Call **POST /v1/auth/register** with a username and a password. The answer holds \`accessToken\` and your \`user.id\`.
2. Press **Authorize**, paste the \`accessToken\`, and close the dialog. It is good for ten minutes;
   **POST /v1/auth/refresh** gives the next one.
3. Register a second person (their token need not be pasted), call **POST /v1/conversations** with
   \`{ "kind": "direct", "memberIds": ["<their id>"] }\`, and send with **POST /v1/conversations/{id}/messages**,
   each message under a \`clientId\` of its own.

What travels over Socket.IO has [a page of its own](/docs/realtime/).

Every refusal has the same body, \`Problem\`, with a \`code\` from one closed list. Ids are UUIDs, times are ISO 8601 in
UTC. A message is addressed by its conversation and its number \`seq\`, which has no gaps. Repeating a request to send with
the same \`clientId\` never sends twice.
`.trim();

/** The tags in the order of the page, each with its sentence. */
const TAGS: readonly (readonly [string, string])[] = [
  ['auth', 'Registration, login, sessions and passwords'],
  ['users', 'Profiles, search and blocks'],
  ['conversations', 'Direct and group conversations, their members and roles'],
  ['messages', 'Sending and history'],
  ['sync', 'What a client missed'],
  ['presence', 'Who is online'],
  ['health', 'For load balancers and orchestrators'],
];

/** Builds the OpenAPI description of every route. */
export function createDocument(app: NestExpressApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Parley')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    // The linter wants to know for whom a server is and in which environment: this one is wherever it is read.
    .addServer('/', 'Local, staging or production: the server that this description comes from', undefined, {
      'x-internal': false,
    })
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'The `accessToken` of register, login or refresh. It is made and checked as RFC8725 asks: one algorithm, an issuer, an audience and a purpose, and never without an end.',
    });
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), { operationIdFactory: toOperationId });
  describeProblems(document);
  proposeBodies(document);
  toJsonSchemas(document);
  proposeParameters(document);
  return document;
}

/** `MessagesController.send` is `messagesSend`. */
export function toOperationId(controller: string, method: string): string {
  const feature = controller.replace(/Controller$/, '');
  return `${feature.charAt(0).toLowerCase()}${feature.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

/** A page that `npm run contracts` makes, and its style. */
const REALTIME = fileURLToPath(new URL('../../assets/realtime/', import.meta.url));

/** Serves what travels over Socket.IO at `/docs/realtime`, before Swagger UI, which answers below `/docs`. */
function serveRealtimeDocs(app: NestExpressApplication): void {
  const setHeaders = (response: Response): unknown => response.set('Cache-Control', 'no-cache');
  app.use('/docs/realtime', express.static(REALTIME, { setHeaders }));
}

/** Serves Swagger UI at `/docs` and the description at `/docs-json`, which is built when first asked for. */
export function serveDocs(app: NestExpressApplication): void {
  serveRealtimeDocs(app);
  SwaggerModule.setup('docs', app, () => createDocument(app), {
    raw: ['json'],
    customSiteTitle: 'Parley API',
    customCss: '.swagger-ui .topbar { display: none }',
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
      validatorUrl: null,
    },
  });
}
