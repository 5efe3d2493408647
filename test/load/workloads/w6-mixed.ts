import { setTimeout as delay } from 'node:timers/promises';
import { connectAll } from '../drive/chat-client.js';
import { DailyLife, type Credentials, type Pace } from '../drive/daily-life.js';
import { Traffic } from '../drive/traffic.js';
import { during } from '../drive/loops.js';
import { drain, measureTraffic, type Values } from '../drive/window.js';
import { slope, summarize } from '../measure/statistics.js';
import { deal } from '../people/deal.js';
import { Population } from '../people/population.js';
import { BareSocketIo } from '../systems/bare-socket-io.js';
import type { ChatSystem } from '../systems/chat-system.js';
import { Parley } from '../systems/parley.js';
import { verifyStored } from './stored-messages.js';
import { takeTurns, type RunContext, type Workload } from './workload.js';

const PEOPLE = 2_000;
const GROUPS = 400;
const SMALLEST = 2;
const LARGEST = 200;
/** How unequal the groups are: with 3, half of them have fewer than 27 members and the mean is 51. */
const SKEW = 3;
/** In a short run there are so many times fewer people, groups and messages. */
const SHORTER = 10;
const PACE: Pace = {
  messagesPerSecond: 400,
  typingShare: 0.25,
  readShare: 0.1,
  presencePerSecond: 5,
  syncEverySeconds: 60,
  tokenEverySeconds: 300,
};
const SAMPLE_EVERY = 31;

/** Bare Socket.IO keeps nothing that could grow, so a minute of it says what it costs. */
const BARE_MINUTES = 1;
const SHORT_MS = 2_500;
/** How often the memory is looked at; the first fifth of the time belongs to the warm-up. */
const LOOK_EVERY_MS = 30_000;
/**
 * A look is a collection of all garbage, which nobody but this workload asks for, and during which nothing is
 * delivered. What is delivered then, and so soon afterwards, does not count for the times of deliveries.
 */
const LOOK_FELT_MS = 3_000;
const LOOKS_MIN = 5;
/** What is rare and long makes the percentile of all seconds; that of the median one tells the rest. */
const STRETCH_MS = 1_000;

export const MIXED = '2,000 people, 400 groups of 2 to 200';

/** W6: many people who talk in groups of all sizes, for long enough to see whether memory grows. */
export class MixedLife implements Workload {
  private readonly scale: number;

  constructor(private readonly context: RunContext) {
    this.scale = context.short ? SHORTER : 1;
  }

  async prepare(): Promise<void> {
    return Promise.resolve();
  }

  async round(round: number): Promise<void> {
    await takeTurns(round, [
      async () => this.live(await BareSocketIo.start({ tellsMemory: true }), BARE_MINUTES, round),
      async () => this.live(await Parley.start({ tellsMemory: true }), this.context.minutes, round),
    ]);
  }

  async finish(): Promise<void> {
    return Promise.resolve();
  }

  private async live(system: ChatSystem, minutes: number, round: number): Promise<void> {
    const { context } = this;
    const population = this.populate();
    const traffic = new Traffic(SAMPLE_EVERY);
    try {
      await system.admit(population);
      const clients = await connectAll(system, population.people, traffic);
      const life = new DailyLife(clients, population.conversations, await credentialsFor(system));
      await life.watch();
      const loop = life.begin({ ...PACE, messagesPerSecond: PACE.messagesPerSecond / this.scale });
      const marking = setInterval(() => traffic.deliveryTimes.mark(), STRETCH_MS);
      const measureMs = context.short ? SHORT_MS : minutes * 60_000;
      const measured = Promise.all([
        measureTraffic(system, traffic, { warmUpMs: context.warmUpMs, measureMs }, context.signal),
        this.watchMemory(system, traffic, context.warmUpMs + measureMs),
      ]);
      const [values, growth] = await during(loop, measured).finally(() => clearInterval(marking));
      const medianSecondP99 = summarize(traffic.deliveryTimes.percentileOfStretches(99))?.median ?? null;
      await drain(system, traffic, context.signal);
      context.record({
        workload: 'w6',
        case: MIXED,
        system: system.name,
        round,
        values: { ...values, medianSecondP99, ...growth },
      });
      if (system instanceof Parley) await verifyStored(system, population.conversations, traffic.acked);
      for (const client of clients) client.close();
    } finally {
      await system.stop();
    }
  }

  private populate(): Population {
    const population = new Population();
    const people = population.addPeople(PEOPLE / this.scale);
    const sizes = Array.from({ length: GROUPS / this.scale }, (_, place) =>
      sizeAt((place + 0.5) / (GROUPS / this.scale)),
    );
    for (const members of deal(people, sizes)) population.addConversation('group', members);
    return population;
  }

  /** Looks at what is left after collections of garbage, and says how fast it grows. */
  private async watchMemory(system: ChatSystem, traffic: Traffic, milliseconds: number): Promise<Values> {
    const { signal } = this.context;
    const looks: { minutes: number; rss: number; heap: number }[] = [];
    const begin = performance.now();
    const count = Math.max(LOOKS_MIN, Math.floor(milliseconds / LOOK_EVERY_MS));
    // A server that is behind tells its memory late: there are fewer looks then, and not a longer measurement.
    while (performance.now() - begin < milliseconds) {
      await delay(milliseconds / (count + 1), undefined, { signal });
      const { rssBytes, heapBytes } = await traffic.withoutTimes(async () => {
        const memory = await system.memory();
        await delay(Math.min(LOOK_FELT_MS, milliseconds / (4 * count)), undefined, { signal });
        return memory;
      });
      const minutes = (performance.now() - begin) / 60_000;
      looks.push({ minutes, rss: rssBytes / 1_024, heap: heapBytes / 1_024 });
    }
    const warm = looks.filter(({ minutes }) => minutes * 60_000 > milliseconds / 5);
    return {
      rssGrowth: slope(warm.map(({ minutes, rss }) => ({ x: minutes, y: rss }))),
      heapGrowth: slope(warm.map(({ minutes, heap }) => ({ x: minutes, y: heap }))),
      heapMiB: (looks.at(-1)?.heap ?? Number.NaN) / 1_024,
    };
  }
}

/** What bare Socket.IO is told in place of a token and an epoch does not matter to it. */
async function credentialsFor(system: ChatSystem): Promise<Credentials> {
  if (!(system instanceof Parley)) return { tokenOf: () => '', epoch: '' };
  return { tokenOf: (person) => system.tokenOf(person), epoch: await system.epoch() };
}

/** The size of a group, by its place from the smallest (0) to the largest (1). */
function sizeAt(place: number): number {
  return SMALLEST + Math.round((LARGEST - SMALLEST) * place ** SKEW);
}
