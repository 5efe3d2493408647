import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { connectAll } from '../drive/chat-client.js';
import { Traffic } from '../drive/traffic.js';
import { ownCpuSeconds } from '../measure/process-tree.js';
import { deal } from '../people/deal.js';
import { Population } from '../people/population.js';
import { BareSocketIo } from '../systems/bare-socket-io.js';
import type { ChatSystem, ServerOptions } from '../systems/chat-system.js';
import { Parley } from '../systems/parley.js';
import { takeTurns, type RunContext, type Workload } from './workload.js';

export const SIZES = [1_000, 5_000, 10_000] as const;
/** In a short run so many times smaller. */
const SHORTER = 50;
const CONVERSATIONS_EACH = 20;
const MEMBERS = 50;
/** People who connect and go before anything is counted, so that the code is compiled and the pools are open. */
const WARM_UP_SHARE = 0.05;
/** What a connection leaves behind, such as its presence, has been written by then. */
const QUIET_MS = 2_000;

type Start = (options: ServerOptions) => Promise<ChatSystem>;

export function sockets(count: number): string {
  return `${count.toLocaleString('en-US')} sockets`;
}

/** W3: what an idle socket costs, how fast they connect, and how fast all come back after a restart. */
export class IdleSockets implements Workload {
  private readonly folder = temporaryFolder();
  private readonly population = new Population();

  constructor(private readonly context: RunContext) {}

  /** Everybody is in 20 conversations of 50 people. */
  async prepare(): Promise<void> {
    const people = this.population.addPeople(this.scaled(SIZES[2]));
    const groups = (people.length * CONVERSATIONS_EACH) / MEMBERS;
    const sizes = Array.from({ length: groups }, () => MEMBERS);
    for (const members of deal(people, sizes)) this.population.addConversation('group', members);
    const parley = await Parley.start({ folder: this.folder });
    try {
      await parley.admit(this.population);
    } finally {
      await parley.stop();
    }
  }

  async round(round: number): Promise<void> {
    await takeTurns(round, [
      () => this.measure((options) => BareSocketIo.start(options), round),
      () => this.measure((options) => Parley.start({ ...options, folder: this.folder }), round),
    ]);
  }

  async finish(): Promise<void> {
    this.folder.remove();
    return Promise.resolve();
  }

  private async measure(start: Start, round: number): Promise<void> {
    let system = await start({ tellsMemory: true });
    try {
      await this.warmUp(system);
      await this.connectBySteps(system, round);
      const begin = performance.now();
      await system.stop();
      system = await start({ port: system.address.port });
      const ready = performance.now();
      const clients = await connectAll(system, this.population.people, new Traffic());
      const end = performance.now();
      const values = { restartSeconds: (end - begin) / 1_000, reconnectSeconds: (end - ready) / 1_000 };
      this.record(system, SIZES[2], round, values);
      for (const client of clients) client.close();
    } finally {
      await system.stop();
    }
  }

  private async warmUp(system: ChatSystem): Promise<void> {
    const { people } = this.population;
    const some = people.slice(-Math.ceil(people.length * WARM_UP_SHARE));
    for (const client of await connectAll(system, some, new Traffic())) client.close();
    await this.quiet();
  }

  /** The sockets stay connected from one step to the next, and are cut off by the restart. */
  private async connectBySteps(system: ChatSystem, round: number): Promise<void> {
    const empty = await system.memory();
    let connected = 0;
    for (const size of SIZES) {
      const count = this.scaled(size);
      const begin = performance.now();
      const cpu = ownCpuSeconds();
      await connectAll(system, this.population.people.slice(connected, count), new Traffic());
      const seconds = (performance.now() - begin) / 1_000;
      const loadBusy = (ownCpuSeconds() - cpu) / seconds;
      const connectsPerSecond = (count - connected) / seconds;
      connected = count;
      await this.quiet();
      const { rssBytes, heapBytes } = await system.memory();
      this.record(system, size, round, {
        rssPerSocket: (rssBytes - empty.rssBytes) / 1_024 / count,
        heapPerSocket: (heapBytes - empty.heapBytes) / 1_024 / count,
        connectsPerSecond,
        loadBusy,
      });
    }
  }

  private record(system: ChatSystem, size: number, round: number, values: Record<string, number>): void {
    this.context.record({ workload: 'w3', case: sockets(size), system: system.name, round, values });
  }

  private async quiet(): Promise<void> {
    await delay(this.context.short ? QUIET_MS / 4 : QUIET_MS, undefined, { signal: this.context.signal });
  }

  private scaled(size: number): number {
    return this.context.short ? size / SHORTER : size;
  }
}
