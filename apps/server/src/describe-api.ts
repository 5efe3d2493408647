import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { toConfig } from './config/config.js';
import { readEnv } from './config/env.js';
import { prefixRoutes } from './http/http-edge.js';
import { createDocument } from './openapi/docs.js';

/**
 * Process entry of `npm run contracts`: prints the OpenAPI description of every route. It needs no
 * database and opens no port, because a preview of the application knows its routes and makes nothing.
 */
const config = toConfig(readEnv({ PARLEY_JWT_SECRET: 'of a preview, which signs and accepts nothing' }), '');
const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
  preview: true,
  logger: false,
});
prefixRoutes(app);
process.stdout.write(`${JSON.stringify(createDocument(app), null, 2)}\n`);
