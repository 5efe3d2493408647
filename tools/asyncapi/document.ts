import { exampleOf } from './examples.js';
import type { Schema, TypeSchemas } from './type-schemas.js';

/** A message that travels, as the document and the page describe it. */
export interface Message {
  name: string;
  title: string;
  summary: string;
  contentType: string;
  payload: Schema;
  examples: { payload: unknown }[];
}

/** An AsyncAPI 3 description, as far as this repository writes one. */
export interface AsyncApi {
  asyncapi: '3.0.0';
  info: Record<string, unknown> & { description: string };
  defaultContentType: string;
  servers: Record<string, object>;
  channels: { socket: { address: string; messages: Record<string, { $ref: string }> } & Record<string, unknown> };
  operations: Record<string, object>;
  components: { messages: Record<string, Message>; schemas: Record<string, Schema>; securitySchemes: object };
}

const DESCRIPTION = `
What travels over the socket of a Parley server: commands from the client, each answered once, and the facts that the
server tells. REST is described in openapi.json; what is promised, and what a client has to do so that nothing is
lost or doubled, in protocol.md.

The transport is Socket.IO 4 (Engine.IO protocol 4), with one namespace: \`io(url, { auth: { token } })\`. The name of a
message is the name of the event. A command takes exactly one object and an ack function; the ack is called once, with
\`{ ok: true, data }\` or \`{ ok: false, error }\`. Begin with the fact \`ready\`.
`.trim();

const JSON_TYPE = 'application/json';
const CHANNEL = '#/channels/socket';

const INFO = {
  title: 'Parley over Socket.IO',
  version: '1',
  description: DESCRIPTION,
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
};

const SERVER = {
  host: '127.0.0.1:3000',
  pathname: '/socket.io/',
  protocol: 'socket.io',
  protocolVersion: '4',
  description: 'The server of `npm start`. By WebSocket or long polling, as Socket.IO chooses.',
  security: [{ $ref: '#/components/securitySchemes/accessToken' }],
};

const ACCESS_TOKEN = {
  type: 'httpApiKey',
  in: 'header',
  name: 'auth.token',
  description: 'The access token of REST, as `auth: { token }` of the Socket.IO handshake.',
};

/** The whole description, from the types of the contract. */
export function toAsyncApi(types: TypeSchemas): AsyncApi {
  const messages: Record<string, Message> = {};
  const operations: Record<string, object> = {};
  addCommands(types, messages, operations);
  addFacts(types, messages, operations);
  for (const message of Object.values(messages)) {
    message.examples.push({ payload: exampleOf(types.named, message.payload) });
  }
  const keys = Object.keys(messages);
  const schemas = Object.entries(types.named).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    asyncapi: '3.0.0',
    info: INFO,
    defaultContentType: JSON_TYPE,
    servers: { local: SERVER },
    channels: {
      socket: {
        address: '/',
        title: 'The one namespace',
        description: 'Commands go up, facts and acks come down.',
        messages: Object.fromEntries(keys.map((key) => [key, { $ref: `#/components/messages/${key}` }])),
      },
    },
    operations,
    components: {
      messages,
      schemas: Object.fromEntries(schemas),
      securitySchemes: { accessToken: ACCESS_TOKEN },
    },
  };
}

function addCommands(types: TypeSchemas, messages: Record<string, Message>, operations: Record<string, object>): void {
  const problem = types.ofName('Problem');
  for (const { name, type, description } of types.membersOf('CommandMap')) {
    const { input = {}, output = {} } = types.of(type).properties ?? {};
    const key = toKey(name);
    messages[key] = toMessage(name, description, closed(types, input));
    messages[`${key}Ack`] = toMessage(`${name} ack`, `Answers \`${name}\`, exactly once.`, ackOf(output, problem));
    operations[`receive${upperFirst(key)}`] = {
      action: 'receive',
      channel: { $ref: CHANNEL },
      summary: description,
      messages: [{ $ref: `${CHANNEL}/messages/${key}` }],
      reply: { channel: { $ref: CHANNEL }, messages: [{ $ref: `${CHANNEL}/messages/${key}Ack` }] },
    };
  }
}

function addFacts(types: TypeSchemas, messages: Record<string, Message>, operations: Record<string, object>): void {
  for (const { name, type, description } of types.membersOf('FactMap')) {
    const key = toKey(name);
    messages[key] = toMessage(name, description, types.of(type));
    operations[`send${upperFirst(key)}`] = {
      action: 'send',
      channel: { $ref: CHANNEL },
      summary: description,
      messages: [{ $ref: `${CHANNEL}/messages/${key}` }],
    };
  }
}

const toMessage = (name: string, summary: string, payload: Schema): Message => ({
  name,
  title: name,
  summary,
  contentType: JSON_TYPE,
  payload,
  examples: [],
});

function ackOf(output: Schema, problem: Schema): Schema {
  const answer = (ok: boolean, part: string, schema: Schema): Schema => ({
    type: 'object',
    required: ['ok', part],
    properties: { ok: { type: 'boolean', const: ok }, [part]: schema },
  });
  return { anyOf: [answer(true, 'data', output), answer(false, 'error', problem)] };
}

/** The server refuses fields of an input that it does not know. */
function closed({ named }: TypeSchemas, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  if (name === undefined) return { ...schema, additionalProperties: false };
  named[name] = { ...named[name], additionalProperties: false };
  return schema;
}

/** `message:send` is `messageSend`: what the document uses as keys has no colons. */
export function toKey(name: string): string {
  return name.replace(/:(\w)/g, (_colon, letter: string) => letter.toUpperCase());
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
