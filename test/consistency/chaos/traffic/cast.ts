import { directOf, groupOf } from '../../../support/groups.js';
import { people, type Person } from '../../../support/people.js';
import type { Link } from '../arena/link.js';
import type { Device } from '../clients/device.js';
import { PlainDevice } from '../clients/plain-device.js';
import { RestDevice } from '../clients/rest-device.js';
import { TypedDevice } from '../clients/typed-device.js';
import type { History } from '../history/history.js';
import type { Random } from '../random.js';

/** Somebody's client that writes, and another one of theirs that repeats the same over REST; null if there is none. */
export interface Writer {
  device: Device;
  twin: RestDevice | null;
}

/** The people of a run, what they use, and where they talk. */
export interface Cast {
  writers: readonly Writer[];
  /** She is in every group from the beginning to the end, and only listens. */
  observer: PlainDevice;
  observerPerson: Person;
  /** All that show conversations in the end; a fault may add some. */
  devices: Device[];
  /** Links that faults have added. */
  links: Link[];
  plainDevices: readonly PlainDevice[];
  /** The one among them that connects to the last node, and whose person may be removed. */
  away: PlainDevice;
  /** Conversations whose members stay. */
  steady: readonly string[];
  /** A group whose owner adds and removes people, who leave it, too. */
  club: string;
  owner: RestDevice;
  /** Those who come and go, each with a way to leave. */
  guests: readonly { userId: string; device: RestDevice }[];
}

/** Where a client connects to; the other one is where its twin does. */
export interface Place {
  url: string;
}

/** Registers everybody, founds the conversations, and connects the devices, of each kind some. */
export async function assemble(places: readonly Place[], history: History, random: Random): Promise<Cast> {
  const [here, there] = [places[0]!, places.at(-1)!];
  const { ada, ben, cleo, dora, emil, olga } = await people(here, 'ada', 'ben', 'cleo', 'dora', 'emil', 'olga');
  const [team, club, direct] = await Promise.all([
    groupOf(ada, ben, cleo, dora, emil, olga),
    groupOf(ada, ben, cleo, dora, emil, olga),
    directOf(ada, ben),
  ]);
  const plain = (person: Person, app: Place, name: string): PlainDevice =>
    new PlainDevice({ name, person, app, history, random: random.fork() });
  const overRest = (person: Person, app: Place): RestDevice =>
    new RestDevice({ name: `${person.displayName} over REST`, person, app, history, random: random.fork() });
  const [adas, bens] = await Promise.all([
    TypedDevice.login({ name: "ada's typed client", person: ada, app: here, history }),
    TypedDevice.login({ name: "ben's typed client", person: ben, app: there, history }),
  ]);
  const cleos = plain(cleo, here, "cleo's plain client");
  const doras = plain(dora, there, "dora's plain client");
  const observer = plain(olga, there, "olga's plain client");
  const emils = overRest(emil, here);
  const owner = overRest(ada, here);
  const [bensRest, cleosRest, dorasRest] = [overRest(ben, here), overRest(cleo, there), overRest(dora, here)];
  return {
    writers: [
      { device: adas, twin: null },
      { device: bens, twin: null },
      { device: cleos, twin: cleosRest },
      { device: doras, twin: dorasRest },
      { device: emils, twin: overRest(emil, there) },
    ],
    observer,
    observerPerson: olga,
    devices: [adas, bens, cleos, doras, emils, observer],
    links: [],
    plainDevices: [cleos, doras, observer],
    away: doras,
    steady: [team, direct],
    club,
    owner,
    guests: [
      { userId: ben.id, device: bensRest },
      { userId: cleo.id, device: cleosRest },
      { userId: dora.id, device: dorasRest },
      { userId: emil.id, device: emils },
    ],
  };
}
