import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { StartupError } from '../common/startup-error.js';
import { Config } from '../config/config.js';
import { Pools } from '../database/pools.js';
import { Upkeep } from '../database/upkeep.js';
import { addDatabaseGauges } from './database-gauges.js';
import { countSignals } from './instruments.js';

/**
 * Shows what is measured to Prometheus, on a port of its own: a proxy in front of the other one cannot let the
 * public in by mistake. Without that port nothing is measured and nothing listens.
 */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MetricsServer.name);
  private server: Server | null = null;
  private stopCounting: () => void = () => undefined;

  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly upkeep: Upkeep,
    private readonly pools: Pools,
  ) {}

  /** Where it listens; null when nothing is measured. */
  get port(): number | null {
    return (this.server?.address() as AddressInfo | null | undefined)?.port ?? null;
  }

  /** @throws StartupError when the port is not to be had */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.metricsPort === null) return;
    const registry = new Registry();
    // The process and Node.js: memory, garbage collection, lag of the event loop.
    collectDefaultMetrics({ register: registry });
    addDatabaseGauges(registry, this.dataSource, this.upkeep, this.pools);
    this.stopCounting = countSignals(registry);
    this.server = this.serve(registry);
    await this.listen(this.server, this.config.metricsPort);
    this.logger.log(`Metrics at port ${this.port}, /metrics`);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopCounting();
    const { server } = this;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private serve(registry: Registry): Server {
    return createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
        (error: unknown) => {
          this.logger.error({ err: error }, 'The metrics could not be read');
          response.writeHead(500).end();
        },
      );
    });
  }

  private async listen(server: Server, port: number): Promise<void> {
    const { host } = this.config.http;
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartupError(`The metrics cannot be shown: ${reason}. Choose another PARLEY_METRICS_PORT.`);
    }
  }
}
