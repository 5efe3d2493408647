import { randomUUID } from 'node:crypto';
import { online } from '../../support/clients.js';
import { directOf, groupOf } from '../../support/groups.js';
import { people, type Person } from '../../support/people.js';
import { Deeds } from './deeds.js';
import { DEVICES, NAMES } from './describe-program.js';
import { Device } from './device.js';
import type { Program } from './program.js';

/** A conversation of a program, and who may read all of it, whatever happens. */
export interface Place {
  id: string;
  /** Who is in it from the beginning; a group tells the others itself. */
  founders: readonly Person[];
  isGroup: boolean;
  observer: Person;
}

/**
 * The people, devices and conversations of one run. They are new in each run, so that a run depends on
 * nothing but its program.
 *
 * Each group has a silent member, whom no program touches: the test reads the whole history with her eyes.
 */
export class World {
  readonly deeds = new Deeds();

  private constructor(
    readonly people: readonly Person[],
    readonly observer: Person,
    readonly places: readonly Place[],
    readonly devices: readonly (readonly Device[])[],
  ) {}

  static async create(app: { url: string }, program: Program): Promise<World> {
    const names = NAMES.slice(0, program.people);
    const registered = await people(app, 'olga', ...names);
    const persons = names.map((name) => registered[name]);
    const places = await found(persons, registered.olga, program.groups);
    const devices = persons.map((person) =>
      DEVICES.map((device) => new Device(`${person.displayName}'s ${device}`, person, app.url)),
    );
    const world = new World(persons, registered.olga, places, devices);
    await tellBefore(world.deeds, places[0]!, program.prologue);
    await Promise.all(world.allDevices.map((device) => world.start(device)));
    return world;
  }

  get allDevices(): Device[] {
    return this.devices.flat();
  }

  close(): void {
    for (const device of this.allDevices) device.close();
  }

  private async start(device: Device): Promise<void> {
    await device.login();
    device.watch(this.places.map(({ id }) => id));
    await online(device.client);
  }
}

/** Groups that everybody but the last one is in, and the direct conversation of the first two. */
async function found(persons: readonly Person[], observer: Person, groups: number): Promise<Place[]> {
  const members = persons.slice(0, -1);
  const made = members.slice(0, groups).map(async (owner): Promise<Place> => {
    const others = [...members.filter((person) => person !== owner), observer];
    return { id: await groupOf(owner, ...others), founders: [], isGroup: true, observer };
  });
  const [one, two] = [persons[0]!, persons[1]!];
  const direct = { id: await directOf(one, two), founders: [one, two], isGroup: false, observer: one };
  return [...(await Promise.all(made)), direct];
}

/** Texts of the silent member, all at once. */
async function tellBefore(deeds: Deeds, { id, observer }: Place, texts: number): Promise<void> {
  const send = async (_: unknown, index: number): Promise<void> => {
    const input = { clientId: randomUUID(), body: `before ${index}` };
    const answer = await observer.rest.post(`/conversations/${id}/messages`, input);
    if (answer.status !== 201) throw new Error(`Not sent: ${JSON.stringify(answer.body)}`);
    deeds.write({ ...input, conversationId: id, senderId: observer.id, device: 'REST', isInOrder: false });
  };
  await Promise.all(Array.from({ length: texts }, send));
}
