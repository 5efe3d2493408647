import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { COMMANDS } from '@parley/contracts';
import type { InputClass } from '../common/validation.js';
import type { RateLimitName } from '../common/rate-limits.js';
import { declaredCommand } from './command.decorator.js';
import type { Connection } from './connection.js';

/** How one command is carried out. */
export interface TableEntry {
  readonly input: InputClass<object>;
  readonly pipelined: boolean;
  readonly limit: RateLimitName | null;
  handle(connection: Connection, input: object): Promise<unknown>;
}

/** Finds the handler of every command of the contract, once, at the start. */
@Injectable()
export class CommandTable implements OnModuleInit {
  private entries: ReadonlyMap<string, TableEntry> = new Map();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const instances = this.discovery.getProviders().map((wrapper): unknown => wrapper.instance);
    this.entries = buildTable(instances, this.scanner);
  }

  find(name: unknown): TableEntry | undefined {
    return typeof name === 'string' ? this.entries.get(name) : undefined;
  }

  /** The commands that have a handler. */
  names(): string[] {
    return [...this.entries.keys()];
  }
}

/** @throws Error when a command has no handler or several, or a handler's command is not in the contract. */
export function buildTable(instances: readonly unknown[], scanner: MetadataScanner): Map<string, TableEntry> {
  const table = new Map<string, TableEntry>();
  for (const instance of new Set(instances)) {
    for (const [name, entry] of handlersOf(instance, scanner)) {
      if (!(COMMANDS as readonly string[]).includes(name)) throw new Error(`${name} is not a command of the contract`);
      if (table.has(name)) throw new Error(`The command ${name} has several handlers`);
      table.set(name, entry);
    }
  }
  const missing = COMMANDS.filter((name) => !table.has(name));
  if (missing.length > 0) throw new Error(`No handler for ${missing.join(', ')}`);
  return table;
}

type Method = (connection: Connection, input: object) => Promise<unknown>;

function handlersOf(instance: unknown, scanner: MetadataScanner): [string, TableEntry][] {
  if (instance === null || typeof instance !== 'object') return [];
  const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
  if (prototype === null) return [];
  return scanner.getAllMethodNames(prototype).flatMap((key): [string, TableEntry][] => {
    const method = prototype[key] as Method;
    const declared = declaredCommand(method);
    if (declared === undefined) return [];
    const { name, input, pipelined = false, limit = null } = declared;
    return [
      [name, { input, pipelined, limit, handle: (connection, given) => method.call(instance, connection, given) }],
    ];
  });
}
