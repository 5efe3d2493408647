import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DestinationStream } from 'pino';
import { AppModule } from './app.module.js';
import { AppLogger, createLogger } from './common/logger.js';
import type { Config } from './config/config.js';
import { HttpAdapter } from './http/http-adapter.js';
import { configureHttp } from './http/http-edge.js';
import { RealtimeAdapter } from './realtime/realtime.adapter.js';

/**
 * Builds the configured application, not listening yet. `main.ts` and every test use it.
 *
 * It sets no shutdown hooks: `main.ts` drains first and closes then. `logDestination` takes the log
 * instead of the standard output.
 */
export async function createApp(config: Config, logDestination?: DestinationStream): Promise<NestExpressApplication> {
  const logger = createLogger(config, logDestination);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), new HttpAdapter(), {
    bodyParser: false,
    logger: new AppLogger(logger),
    abortOnError: false,
  });
  configureHttp(app, logger);
  // Nest takes an adapter only before `init`, and says nothing when it comes later.
  app.useWebSocketAdapter(new RealtimeAdapter(app));
  return app;
}
