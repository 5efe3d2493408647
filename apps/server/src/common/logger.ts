import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '../config/config.js';

/** Contexts whose ordinary messages (each module, each route) matter only to who looks for them. */
const CHATTY = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/**
 * The server's log: JSON lines in production, readable otherwise.
 *
 * What may be secret is kept out by naming what goes in, not by striking out what came in: requests
 * are logged by `http/request-log.ts`, errors by {@link toLoggedError}.
 */
export function createLogger(config: Pick<Config, 'production' | 'logLevel'>, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: toLoggedError },
  };
  if (destination !== undefined) return pino(options, destination);
  if (config.production) return pino(options);
  return pino(options, pretty({ ...READABLE, colorize: process.stdout.isTTY }));
}

/** One line for each message; what its words say already is not repeated behind them. */
const READABLE = {
  sync: true,
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss.l',
  messageFormat: '{if context}{context}: {end}{msg}',
  ignore: 'context,method,route,status',
};

interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  code?: unknown;
  constraint?: unknown;
  cause?: LoggedError;
}

/** What of an error may be logged. A database error also carries its query's parameters: texts and hashes. */
export function toLoggedError(error: unknown, depth = 3): LoggedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: typeof error === 'string' ? error : 'not an Error' };
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: toLoggedError(error.cause, depth - 1) }),
  };
}

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Lets NestJS and every `new Logger(…)` write to the server's log. */
export class AppLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** NestJS hands over the context last; before it may come an error, a stack or the message of an object. */
  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const texts = rest.filter((part) => typeof part === 'string');
    const context = texts.at(-1);
    const fields: Record<string, unknown> = context === undefined ? {} : { context };
    const error = [message, ...rest].find((part) => part instanceof Error);
    if (error !== undefined) fields['err'] = error;
    else if (typeof message === 'string' && texts.length > 1) fields['stack'] = texts[0];
    const effective = level === 'info' && context !== undefined && CHATTY.has(context) ? 'debug' : level;
    if (typeof message === 'string') this.logger[effective](fields, message);
    else if (message instanceof Error) this.logger[effective](fields, message.message);
    else this.logger[effective]({ ...fields, ...(message as object) }, texts.length > 1 ? texts[0] : undefined);
  }
}
