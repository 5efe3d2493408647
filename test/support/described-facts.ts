import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS, type CommandName, type FactName } from '@parley/contracts';
import { parse } from 'yaml';
import { checker, type Check } from './schemas.js';

/** Holds what comes over a socket against `docs/asyncapi.yaml`, which is read when it is first needed. */
const FILE = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/asyncapi.yaml');

interface Described {
  components: { messages: Record<string, { name: string; payload: object }>; schemas: object };
}

let payloads: Map<string, object> | undefined;
let check: Check | undefined;

/** Says what is wrong with a fact, or null. */
export function factProblem(fact: FactName, payload: unknown): string | null {
  return problemWith(fact, payload);
}

/** The same of an ack; of one to a command that does not exist, nothing. */
export function ackProblem(command: string, ack: unknown): string | null {
  return COMMANDS.includes(command as CommandName) ? problemWith(`${command} ack`, ack) : null;
}

function problemWith(name: string, payload: unknown): string | null {
  if (payloads === undefined || check === undefined) {
    const { components } = parse(readFileSync(FILE, 'utf8')) as Described;
    payloads = new Map(Object.values(components.messages).map((message) => [message.name, message.payload]));
    check = checker(components.schemas);
  }
  const schema = payloads.get(name);
  const problem = schema === undefined ? 'there is no such message' : check(schema, payload);
  return problem === null ? null : `${name} is not as docs/asyncapi.yaml says: ${problem}: ${JSON.stringify(payload)}`;
}
