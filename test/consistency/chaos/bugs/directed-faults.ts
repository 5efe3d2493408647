import type { Fault } from '../faults/fault.js';
import { USUAL_MIX } from '../traffic/mix.js';

/** Faults that are aimed at one kind of bug: small, and sure to meet it. */

export const killedUnderLoad: Fault = {
  name: 'directed-killed',
  sentence: 'the server is killed and started again',
  async inject({ arena: { node } }) {
    await node.kill('SIGKILL');
    await node.restart();
  },
};

export const everythingTwice: Fault = {
  name: 'directed-twice',
  sentence: 'every text is sent twice at the same time, by way of two nodes',
  topology: { nodes: 2 },
  mix: {
    acts: { ...USUAL_MIX.acts, edit: 0, delete: 0, react: 0, unreact: 0 },
    repeatsMeanwhile: 1,
    repeatsAfterwards: 0.3,
  },
  async inject({ progress }) {
    await progress(60);
  },
};

export const bursts: Fault = {
  name: 'directed-bursts',
  sentence: 'many texts are under way at the same time on one connection',
  mix: { acts: { ...USUAL_MIX.acts, send: 0, burst: 50 }, burst: [8, 16] },
  async inject({ progress }) {
    await progress(100);
  },
};

export const comingBack: Fault = {
  name: 'directed-coming-back',
  sentence: 'clients come back again and again while others write',
  async inject({ cast, progress, random }) {
    for (let times = 12; times > 0; times -= 1) {
      random.pick(cast.plainDevices).drop();
      await progress(8);
    }
  },
};

export const twoNodes: Fault = {
  name: 'directed-two-nodes',
  sentence: 'people on two nodes talk',
  topology: { nodes: 2 },
  async inject({ progress }) {
    await progress(40);
  },
};

export const comingAndGoing: Fault = {
  name: 'directed-coming-and-going',
  sentence: 'members are removed and added while others write',
  mix: { churnMs: [20, 150] },
  async inject({ progress }) {
    await progress(100);
  },
};

export const readingAround: Fault = {
  name: 'directed-reading-around',
  sentence: 'people mark as read, now further on, now further back, as their devices are not at the same place',
  mix: { acts: { ...USUAL_MIX.acts, read: 100 }, churnMs: null },
  async inject({ progress }) {
    await progress(20);
  },
};

/** People are away for long enough that they are removed, or that messages are edited, meanwhile. */
export const awayMeanwhile: Fault = {
  name: 'directed-away',
  sentence: 'the people of one node lose the network while those of the other edit, remove and add',
  topology: { nodes: 2 },
  mix: { acts: { ...USUAL_MIX.acts, edit: 40 }, churnMs: [20, 100] },
  async inject({ arena, cast, progress }) {
    const { link } = arena.nodes.at(-1)!;
    const { club, owner, away } = cast;
    for (let times = 3; times > 0; times -= 1) {
      link.down();
      await owner.changeMembers(club, 'remove', away.userId);
      await progress(20);
      link.up();
      await progress(20);
      await owner.changeMembers(club, 'add', away.userId);
    }
  },
};

export const DIRECTED_FAULTS: readonly Fault[] = [
  killedUnderLoad,
  everythingTwice,
  bursts,
  comingBack,
  twoNodes,
  comingAndGoing,
  readingAround,
  awayMeanwhile,
];
