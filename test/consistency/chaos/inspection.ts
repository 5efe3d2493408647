import type { PresenceView } from '@parley/contracts';
import type { Arena } from './arena/arena.js';
import { readStored } from './arena/stored.js';
import type { Evidence, ProcessesSeen, Resources } from './checker/evidence.js';
import { RestCaller } from './clients/rest-caller.js';
import type { History } from './history/history.js';
import type { Cast } from './traffic/cast.js';
import { UnhandledRejections } from './unhandled-rejections.js';

/** Gathers what the checker judges by. It looks, and judges nothing. */
export class Inspection {
  private readonly unhandled = new UnhandledRejections();
  private readonly before = new Map<string, Resources>();

  constructor(
    private readonly arena: Arena,
    private readonly cast: Cast,
    private readonly history: History,
  ) {}

  /** Notes what the servers hold when everybody is at work; the first time counts. */
  begin(): void {
    for (const { name, resources } of this.arena.nodes) if (!this.before.has(name)) this.before.set(name, resources);
  }

  end(): void {
    this.unhandled.stop();
  }

  /** All that is known at the moment; what clients show only when they have settled. */
  async collect(isSettled: boolean): Promise<Evidence> {
    if (isSettled) await this.recordPresence();
    const clients = isSettled ? await Promise.all(this.cast.devices.map((device) => device.shown())) : [];
    // Before the database is read, which then knows of everything that the history tells.
    const history = [...this.history.events];
    return {
      history,
      clients,
      conversations: await readStored(await this.arena.databaseUrl()),
      processes: this.processes(),
    };
  }

  /** Asks, as somebody who shares a group with everybody, who is there. */
  async recordPresence(): Promise<void> {
    const { observerPerson, writers } = this.cast;
    const ids = [...new Set(writers.map(({ device }) => device.userId))];
    const rest = new RestCaller(this.arena.nodes.at(-1)!, observerPerson.accessToken);
    const answer = await rest.ask<{ items: PresenceView[] }>('GET', `/presence?userIds=${ids.join(',')}`);
    for (const { userId, state } of answer.data?.items ?? []) this.history.record({ type: 'presence', userId, state });
  }

  private processes(): ProcessesSeen {
    const { nodes } = this.arena;
    return {
      exits: nodes.flatMap(({ exits }) => exits),
      alarms: nodes.flatMap(({ alarms }) => alarms),
      resources: nodes.map(({ name, resources }) => ({
        node: name,
        before: this.before.get(name) ?? resources,
        after: resources,
      })),
      unhandled: this.unhandled.seen,
    };
  }
}
