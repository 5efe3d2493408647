import { SubscribeMessage } from '@nestjs/websockets';
import type { CommandInput, CommandName, CommandOutput } from '@parley/contracts';
import type { RateLimitName } from '../common/rate-limits.js';
import type { InputClass } from '../common/validation.js';
import type { Connection } from './connection.js';

export interface CommandOptions<N extends CommandName> {
  /** What validates the input. */
  readonly input: InputClass<CommandInput<N>>;
  /**
   * Whether the next pipelined command of the socket may start before this one is done. For commands
   * that keep their order by themselves once they have started.
   */
  readonly pipelined?: boolean;
  /** A limit per person that it counts against, besides that on all commands. */
  readonly limit?: RateLimitName;
}

export type CommandHandler<N extends CommandName> = (
  connection: Connection,
  input: CommandInput<N>,
) => Promise<CommandOutput<N>>;

/** A handler as its decorator describes it. */
export type DeclaredCommand<N extends CommandName = CommandName> = CommandOptions<N> & { readonly name: N };

const DECLARED_COMMAND = Symbol('parley:command');

/**
 * Makes a gateway's method the handler of a command. A method whose input or output is not that of
 * the contract does not compile.
 */
export function Command<N extends CommandName>(name: N, options: CommandOptions<N>) {
  return <H extends CommandHandler<N>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>): void => {
    SubscribeMessage(name)(target, key, descriptor);
    const declared: DeclaredCommand<N> = { name, ...options };
    if (descriptor.value !== undefined) Reflect.defineMetadata(DECLARED_COMMAND, declared, descriptor.value);
  };
}

/** Reads what {@link Command} has noted of a method. */
export function declaredCommand(method: object): DeclaredCommand | undefined {
  return Reflect.getMetadata(DECLARED_COMMAND, method) as DeclaredCommand | undefined;
}
