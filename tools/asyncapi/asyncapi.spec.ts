import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { COMMANDS, FACTS } from '@parley/contracts';
import ts from 'typescript';
import { parse } from 'yaml';
import type { AsyncApi } from './document.js';
import { makeFiles } from './files.js';
import { TypeSchemas } from './type-schemas.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const text = read('docs/asyncapi.yaml');
const { components, operations } = parse(text) as AsyncApi;

describe('docs/asyncapi.yaml', () => {
  it('is what the contract makes, and so is the page of it: `npm run contracts` writes them', () => {
    for (const [path, made] of Object.entries(makeFiles())) expect(read(path)).toBe(made);
  });

  it('is valid for the parser of AsyncAPI', async () => {
    const diagnostics = await new Parser().validate(text);
    // There is a 3.1 by now, which has nothing that we need.
    const complaints = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version');
    expect(complaints.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([]);
  });

  it('has every command with its ack, and every fact, and says of each what it is', () => {
    const messages = Object.values(components.messages);
    const names = [...COMMANDS.flatMap((name) => [name, `${name} ack`]), ...FACTS];
    expect(messages.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(messages.filter(({ summary }) => summary.length < 10).map(({ name }) => name)).toEqual([]);
    expect(Object.keys(operations)).toHaveLength(COMMANDS.length + FACTS.length);
  });
});

describe('the page of the socket', () => {
  const page = read('apps/server/assets/realtime/index.html');

  it('needs no script and no style of its own', () => {
    expect(page).not.toMatch(/<script|<style| style=| on\w+=|="http/);
  });

  it('links to what is on it', () => {
    const places = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(50);
    expect(targets.filter((target) => !places.has(target))).toEqual([]);
  });
});

describe('a schema of a type', () => {
  it('is refused for a form that it could say only in part', () => {
    const path = fileURLToPath(new URL('../../libs/contracts/src/index.ts', import.meta.url));
    const schemas = new TypeSchemas(path, { module: ts.ModuleKind.NodeNext, strict: true, types: [] });
    const [handler] = schemas.membersOf('ServerToClientEvents');
    expect(() => schemas.of(handler!.type)).toThrow('There is no schema for');
  });
});
