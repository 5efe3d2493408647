import type { AddressInfo } from 'node:net';
import {
  Body,
  Controller,
  Get,
  Module,
  NotImplementedException,
  Param,
  Post,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Problem } from '@parley/contracts';
import { DataSource } from 'typeorm';
import { CommonModule } from '../../apps/server/src/common/common.module.js';
import { DomainError } from '../../apps/server/src/common/domain-error.js';
import { AppLogger, createLogger } from '../../apps/server/src/common/logger.js';
import { IsText } from '../../apps/server/src/common/text.js';
import { ConfigModule } from '../../apps/server/src/config/config.module.js';
import { DatabaseModule } from '../../apps/server/src/database/database.module.js';
import { EventsModule } from '../../apps/server/src/events/events.module.js';
import { HealthModule } from '../../apps/server/src/health/health.module.js';
import { HttpAdapter } from '../../apps/server/src/http/http-adapter.js';
import { configureHttp } from '../../apps/server/src/http/http-edge.js';
import { testConfig } from './config.js';
import { createDatabase } from './database.js';

class NoteDto {
  @IsText({ max: 10 })
  text: string;
}

/** Takes everybody for whom they say they are, in `x-person`. */
class PersonGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const userId = request.get('x-person');
    if (userId !== undefined) Object.assign(request, { user: { userId } });
    return true;
  }
}

/** Holds up what is carried out until it is opened. */
export class Gate {
  /** What has been carried out as far as to here, in its order. */
  readonly reached: string[] = [];
  private readonly opened: Promise<void>;
  open!: () => void;

  constructor() {
    this.opened = new Promise((resolve) => (this.open = resolve));
  }

  async pass(name: string): Promise<void> {
    this.reached.push(name);
    await this.opened;
  }
}

/** Fails in the ways that the features' own routes never should. */
@UseGuards(PersonGuard)
@Controller('probe')
class ProbeController {
  /** Opened from outside. */
  static gate = new Gate();

  constructor(private readonly dataSource: DataSource) {}

  @Get('gate/:name')
  async waitAtGate(@Param('name') name: string): Promise<string> {
    await ProbeController.gate.pass(name);
    return name;
  }

  @Post()
  echo(@Body() note: NoteDto): NoteDto {
    return note;
  }

  @Get('refused')
  refuse(): void {
    throw new DomainError('server_busy', 'Come back', { retryInMs: 1_200 });
  }

  @Get('bug')
  fail(): void {
    throw new TypeError('a secret of the server');
  }

  @Get('query')
  async failInQuery(): Promise<void> {
    await this.dataSource.query('SELECT $1::text FROM nowhere', ['a private text']);
  }

  @Get('cut-off')
  async loseDatabase(): Promise<void> {
    await this.dataSource.query('SELECT pg_terminate_backend(pg_backend_pid())');
  }

  @Get('framework')
  failInFramework(): void {
    throw new NotImplementedException('internals');
  }
}

/** The HTTP edge of the server, and behind it nothing but the {@link ProbeController}. */
export interface ProbeApp {
  url: string;
  app: NestExpressApplication;
  /** A new gate, closed, for the requests of `/v1/probe/gate/:name` from now on. */
  closeGate(): Gate;
  /** What has been logged. */
  log(): string;
  /** Sends a body, as JSON unless the headers say otherwise. */
  post(body: string | Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function startProbe(): Promise<ProbeApp> {
  const database = await createDatabase();
  const config = testConfig(database.url, {
    NODE_ENV: 'production',
    PARLEY_LOG_LEVEL: 'info',
    PARLEY_RATE_LIMITS: 'on',
    PARLEY_ALLOWED_ORIGINS: 'https://chat.example.com',
  });
  let log = '';
  const logger = createLogger(config, { write: (line) => (log += line) });

  @Module({
    imports: [ConfigModule.forRoot(config), CommonModule, EventsModule, DatabaseModule.forRoot([]), HealthModule],
    controllers: [ProbeController],
  })
  class ProbeModule {}

  const options = { bodyParser: false, logger: new AppLogger(logger) } as const;
  const app = await NestFactory.create<NestExpressApplication>(ProbeModule, new HttpAdapter(), options);
  configureHttp(app, logger);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  return {
    url,
    app,
    closeGate: () => (ProbeController.gate = new Gate()),
    log: () => log,
    post: (body, headers = { 'content-type': 'application/json' }) =>
      fetch(`${url}/v1/probe`, { method: 'POST', body, headers }),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** The answer is a refusal in the form that every refusal has; returns it. */
export async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await answer.json()) as Problem;
  expect(problem).toMatchObject({ status: answer.status, type: `/problems/${problem.code}` });
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  return problem;
}
