import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.js';

export const resetClients: Fault = {
  name: 'reset-clients',
  sentence: 'all connections of clients are reset (RST), with requests and answers under way',
  async inject({ arena, random, short }) {
    for (let times = short ? 4 : 15; times > 0; times -= 1) {
      arena.node.link.reset();
      await pause(random.between(50, 600));
    }
  },
};

export const halfOpenClients: Fault = {
  name: 'half-open-clients',
  sentence:
    'the network forgets the connections of clients: they seem open, and what is sent on them vanishes in both directions',
  async inject({ arena, short }) {
    arena.node.link.forget();
    // In the long form both sides find out by their heartbeats, which takes 45 s at most.
    await pause(short ? 3_000 : 55_000);
    arena.node.link.endForgotten();
  },
};

export const stalledClients: Fault = {
  name: 'stalled-clients',
  sentence:
    'the network of the clients stands still for seconds, then creeps, then flows again; nothing is lost on the way',
  async inject({ arena, short }) {
    const { link } = arena.node;
    link.stall();
    await pause(short ? 2_000 : 12_000);
    link.flow();
    link.throttle(60_000);
    await pause(short ? 2_000 : 6_000);
    link.flow();
  },
};

export const absentClients: Fault = {
  name: 'absent-clients',
  sentence: 'the clients of one of two nodes have no network for a while, and the others go on talking and changing',
  topology: { nodes: 2 },
  async inject({ arena, progress, short }) {
    const { link } = arena.nodes.at(-1)!;
    for (let times = short ? 2 : 5; times > 0; times -= 1) {
      link.down();
      await progress(short ? 30 : 150);
      link.up();
      await progress(20);
    }
  },
};

export const churn: Fault = {
  name: 'membership-churn',
  sentence: 'people are added and removed, leave and come back, all the time, and connections break meanwhile',
  topology: { nodes: 2 },
  mix: { churnMs: [5, 40] },
  async inject({ arena, cast, progress, random, short }) {
    for (let times = short ? 4 : 15; times > 0; times -= 1) {
      await progress(short ? 15 : 40);
      random.pick(cast.plainDevices).drop();
      if (random.chance(0.3)) random.pick(arena.nodes).link.reset();
    }
  },
};

/** Nothing goes wrong. What is found here is found without any fault. */
export const calm: Fault = {
  name: 'calm',
  sentence: 'nothing goes wrong: two nodes, and everybody at work',
  topology: { nodes: 2 },
  async inject({ progress, short }) {
    await progress(short ? 60 : 600);
  },
};
