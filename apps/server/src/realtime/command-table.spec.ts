import { MetadataScanner } from '@nestjs/core';
import { COMMANDS, type CommandName } from '@parley/contracts';
import { Command } from './command.decorator.js';
import { buildTable } from './command-table.js';
import type { Connection } from './connection.js';
import { InConversationDto } from './dto/in-conversation.dto.js';

describe('buildTable', () => {
  const scanner = new MetadataScanner();

  /** A gateway that has a handler for each of these names. */
  function gatewayFor(names: readonly string[]): object {
    const prototype = {};
    for (const name of names) {
      const descriptor = { value: async () => null, configurable: true, enumerable: false, writable: true };
      Command(name as CommandName, { input: InConversationDto })(prototype, name, descriptor as never);
      Object.defineProperty(prototype, name, descriptor);
    }
    return Object.create(prototype) as object;
  }

  it('finds a handler for every command of the contract', () => {
    const table = buildTable([gatewayFor(COMMANDS), {}, null, 'not a provider'], scanner);
    expect([...table.keys()].sort()).toEqual([...COMMANDS].sort());
  });

  it('refuses to start when a command has no handler', () => {
    const [missing, ...others] = COMMANDS;
    expect(() => buildTable([gatewayFor(others)], scanner)).toThrow(`No handler for ${missing}`);
  });

  it('refuses to start when a command has two handlers', () => {
    const [first] = COMMANDS;
    expect(() => buildTable([gatewayFor(COMMANDS), gatewayFor([first])], scanner)).toThrow('has several handlers');
  });

  it('refuses to start when a handler is for no command', () => {
    expect(() => buildTable([gatewayFor([...COMMANDS, 'message:shout'])], scanner)).toThrow(
      'message:shout is not a command of the contract',
    );
  });

  it('does not compile when a handler does not fit its command', () => {
    class Gateway {
      // @ts-expect-error: there is no such command
      @Command('message:shout', { input: InConversationDto })
      async shout(): Promise<null> {
        return null;
      }

      // @ts-expect-error: the output is null
      @Command('typing:start', { input: InConversationDto })
      async start(_connection: Connection, _input: InConversationDto): Promise<{ started: boolean }> {
        return { started: true };
      }

      // @ts-expect-error: the input has no such field
      @Command('typing:stop', { input: InConversationDto })
      async stop(_connection: Connection, _input: InConversationDto & { reason: string }): Promise<null> {
        return null;
      }
    }
    expect(new Gateway()).toBeDefined();
  });
});
