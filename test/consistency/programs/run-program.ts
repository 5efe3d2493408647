import { setTimeout as pause } from 'node:timers/promises';
import type { MessageView } from '@parley/contracts';
import { eventually } from '../../support/eventually.js';
import type { Person } from '../../support/people.js';
import { deviceDifferences, serverDifferences } from './agreement.js';
import { describeStep } from './describe-program.js';
import type { Device } from './device.js';
import { perform } from './perform.js';
import type { Program } from './program.js';
import { Story } from './story.js';
import { TruthReader, type Truth } from './truth.js';
import {
  changeFaults,
  entitlementFaults,
  groupFaults,
  liveOrderFaults,
  orderFaults,
  textFaults,
  viewFaults,
  viewsToldTo,
} from './verdict.js';
import { World } from './world.js';

/** Everything has this long to end; nothing waits for it in vain. */
const DEADLINE_MS = 30_000;
const FAULTS_SHOWN = 5;

/**
 * Carries a program out on a server, then lets everybody come back to a network that works, and compares:
 * all devices with the server, the server with the story that its history tells, and everything that was
 * ever told or shown with who might know it. Throws with what is wrong.
 */
export async function runProgram(app: { url: string }, program: Program): Promise<void> {
  const world = await World.create(app, program);
  try {
    await carryOut(world, program);
    for (const device of world.allDevices) await recover(device);
    await new Convergence(world).reach();
  } finally {
    world.close();
  }
}

async function carryOut(world: World, { people, steps }: Program): Promise<void> {
  const going: Promise<void>[] = [];
  for (const step of steps) {
    const performing = inTime(perform(world, step), `This step does not end: ${describeStep(step, people)}`);
    performing.catch(() => undefined);
    going.push(performing);
    if (!step.goesOn) await performing;
  }
  await Promise.all(going);
}

/**
 * Ends all faults. A device that has heard everything as it was told has to be in step without having
 * asked; the others connect anew, because of a lost last hint nobody knows.
 */
async function recover(device: Device): Promise<void> {
  const { box } = device;
  box.heal();
  if (box.mustReconnect) box.breakConnection();
  await eventually(() => {
    const { state } = device.client.connection.getSnapshot();
    if (state === 'offline') device.client.reconnect();
    if (state !== 'online') throw new Error(`${device.name} is ${state}`);
  }, DEADLINE_MS);
}

/** Compares everything with everything, until it agrees. */
class Convergence {
  private readonly readers: ReadonlyMap<Person, TruthReader>;
  private truths: ReadonlyMap<Person, Truth> = new Map();
  private stories: ReadonlyMap<string, Story> = new Map();

  constructor(private readonly world: World) {
    this.readers = new Map([...world.people, world.observer].map((person) => [person, new TruthReader(person)]));
  }

  /** First with what each device happens to show, then with whole histories. */
  async reach(): Promise<void> {
    await this.agree();
    await Promise.all(this.world.allDevices.map(showEverything));
    await this.agree();
    const faults = [...this.faults()];
    if (faults.length > 0) throw new Error(listed(faults));
  }

  /** Waits until there is no difference; devices tell their positions with some delay. */
  private async agree(): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    for (let wait = 200; ; wait = Math.min(2 * wait, 800)) {
      await this.ask();
      const differences = [...this.differences()];
      if (differences.length === 0) return;
      if (performance.now() > deadline) throw new Error(listed(differences));
      await pause(wait);
    }
  }

  private async ask(): Promise<void> {
    const truths = [...this.readers].map(async ([person, reader]) => [person, await reader.read()] as const);
    this.truths = new Map(await Promise.all(truths));
    const { people, observer, places } = this.world;
    const ids = new Map([...people, observer].map(({ username, id }) => [username, id]));
    this.stories = new Map(
      places.map((place) => {
        const history = this.truths.get(place.observer)?.histories.get(place.id) ?? [];
        return [place.id, new Story(history, { ids, founders: place.founders.map(({ id }) => id) })];
      }),
    );
  }

  private *differences(): Generator<string> {
    const { people, devices, deeds, allDevices } = this.world;
    yield* textFaults(deeds, this.stories, allDevices);
    for (const [index, person] of people.entries()) {
      const truth = this.truths.get(person)!;
      yield* serverDifferences(person, truth, this.stories);
      for (const device of devices[index]!) yield* deviceDifferences(device, truth);
    }
  }

  /** What no time can mend. */
  private *faults(): Generator<string> {
    const { deeds, allDevices } = this.world;
    yield* deeds.oddities;
    for (const [id, { oddities }] of this.stories) yield* oddities.map((oddity) => `${id}: ${oddity}`);
    yield* orderFaults(deeds, this.stories);
    yield* changeFaults(deeds, this.stories);
    yield* groupFaults(deeds, this.stories);
    yield* viewFaults(this.views());
    for (const device of allDevices) {
      yield* device.oddities;
      yield* entitlementFaults(device, this.stories);
      yield* liveOrderFaults(device);
    }
  }

  private *views(): Generator<MessageView> {
    for (const { histories } of this.truths.values()) for (const history of histories.values()) yield* history;
    for (const device of this.world.allDevices) yield* viewsToldTo(device);
    for (const { view } of this.world.deeds.changes) if (view !== null) yield view;
  }
}

/** Loads all of every history. */
async function showEverything({ conversations }: Device): Promise<void> {
  for (const conversation of conversations) {
    if (conversation.summary.getSnapshot() === null) continue;
    if (conversation.timeline.getSnapshot().hasNewer) await conversation.jumpToLatest();
    while (conversation.timeline.getSnapshot().hasOlder) await conversation.loadOlder();
  }
}

function listed(faults: readonly string[]): string {
  const more = faults.length > FAULTS_SHOWN ? [`and ${faults.length - FAULTS_SHOWN} more`] : [];
  return [...faults.slice(0, FAULTS_SHOWN), ...more].join('\n');
}

async function inTime<T>(work: Promise<T>, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), DEADLINE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
