import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { HealthView } from '@parley/contracts';
import { Pools } from '../database/pools.js';
import { DrainService } from './drain.service.js';

const DATABASE_ANSWERS_WITHIN_MS = 1_000;

/** The pool drops a connection whose query timed out, so a broken one is not asked again. */
const QUESTION = { text: 'SELECT 1', query_timeout: DATABASE_ANSWERS_WITHIN_MS };

/**
 * Whether this server can do its work now. It asks over a connection of its own, so that a flood of
 * requests that occupies all others does not take a working server out of service.
 */
@Injectable()
export class HealthService implements OnApplicationBootstrap {
  private started = false;
  private probe: Promise<boolean> | null = null;

  constructor(
    private readonly pools: Pools,
    private readonly drain: DrainService,
  ) {}

  onApplicationBootstrap(): void {
    this.started = true;
  }

  async getReadiness(): Promise<HealthView> {
    if (this.drain.draining) return { status: 'draining' };
    if (!this.started) return { status: 'starting' };
    return { status: (await this.databaseAnswers()) ? 'ok' : 'unavailable' };
  }

  /** One question at a time, however many ask; nobody waits longer than a second. */
  private async databaseAnswers(): Promise<boolean> {
    this.probe ??= this.askDatabase().finally(() => (this.probe = null));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), DATABASE_ANSWERS_WITHIN_MS);
    });
    return Promise.race([this.probe, late]).finally(() => clearTimeout(timer));
  }

  private async askDatabase(): Promise<boolean> {
    try {
      await this.pools.health.query(QUESTION);
      return true;
    } catch {
      return false;
    }
  }
}
