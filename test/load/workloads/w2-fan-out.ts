import { connectAll, type ChatClient } from '../drive/chat-client.js';
import { byTurns, closedLoop, during, openLoop, type Sender } from '../drive/loops.js';
import { Traffic } from '../drive/traffic.js';
import { drain, measureTraffic } from '../drive/window.js';
import { Population, type Conversation } from '../people/population.js';
import { BareSocketIo } from '../systems/bare-socket-io.js';
import type { ChatSystem } from '../systems/chat-system.js';
import { Parley } from '../systems/parley.js';
import { verifyStored } from './stored-messages.js';
import { takeTurns, type RunContext, type Workload } from './workload.js';

/** Groups whose members are all online. Some of them send, each with so many sends open. */
interface FanOut {
  size: number;
  /** Their size in a short run. */
  short: number;
  groups: number;
  senders: number;
  open: number;
}

/** Enough is open in each case that another sender would deliver nothing more, only wait longer. */
const FAN_OUTS: readonly FanOut[] = [
  { size: 10, short: 5, groups: 10, senders: 4, open: 8 },
  { size: 100, short: 20, groups: 1, senders: 10, open: 8 },
  { size: 1_000, short: 60, groups: 1, senders: 10, open: 4 },
];
const PACE = 0.7;
/** A prime, so that no member of a group is looked at more often than the others. */
const SAMPLE_EVERY = 31;

export const SATURATED = 'saturated';
export const PACED = 'at 70 %';

export function groupsOf(size: number, how: typeof SATURATED | typeof PACED): string {
  return `groups of ${size.toLocaleString('en-US')}, ${how}`;
}

/** W2: how many deliveries a second a server makes of messages to groups, and how late at 70 % of that. */
export class GroupFanOut implements Workload {
  constructor(private readonly context: RunContext) {}

  async prepare(): Promise<void> {
    return Promise.resolve();
  }

  async round(round: number): Promise<void> {
    await takeTurns(round, [
      async () => this.measure(await BareSocketIo.start(), round),
      async () => this.measure(await Parley.start(), round),
    ]);
  }

  async finish(): Promise<void> {
    return Promise.resolve();
  }

  private async measure(system: ChatSystem, round: number): Promise<void> {
    try {
      for (const fanOut of FAN_OUTS) await this.measureSize(system, fanOut, round);
    } finally {
      await system.stop();
    }
  }

  private async measureSize(system: ChatSystem, fanOut: FanOut, round: number): Promise<void> {
    const { context } = this;
    const { size, senders, open } = fanOut;
    const population = this.populate(fanOut);
    await system.admit(population);
    const traffic = new Traffic(SAMPLE_EVERY);
    const clients = await connectAll(system, population.people, traffic);
    const everybody = population.conversations.map((conversation) => membersOf(conversation, clients));

    const few = everybody.flatMap((members) => members.slice(0, senders));
    const atLimit = await during(closedLoop(few, open), measureTraffic(system, traffic, context, context.signal));
    await drain(system, traffic, context.signal);
    const common = { workload: 'w2', system: system.name, round } as const;
    context.record({ ...common, case: groupsOf(size, SATURATED), values: atLimit });

    const rate = PACE * (atLimit['ackedPerSecond'] ?? 0);
    const pacing = openLoop(rate, byTurns(interleave(everybody)));
    const values = await during(pacing, measureTraffic(system, traffic, context, context.signal));
    await drain(system, traffic, context.signal);
    context.record({ ...common, case: groupsOf(size, PACED), values });

    if (system instanceof Parley) await verifyStored(system, population.conversations, traffic.acked);
    for (const client of clients) client.close();
  }

  private populate({ groups, size, short }: FanOut): Population {
    const population = new Population();
    const members = this.context.short ? short : size;
    for (let group = 0; group < groups; group += 1) population.addConversation('group', population.addPeople(members));
    return population;
  }
}

function membersOf(conversation: Conversation, clients: readonly ChatClient[]): Sender[] {
  const members = new Set(conversation.members);
  return clients.filter(({ person }) => members.has(person)).map((client) => ({ client, conversation }));
}

/** The first of each group, then the second of each, and so on. */
function interleave(groups: readonly Sender[][]): Sender[] {
  const longest = Math.max(...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) => groups.flatMap((group) => group[place] ?? [])).flat();
}
