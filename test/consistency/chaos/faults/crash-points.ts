import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './fault.js';

const PRELOAD = new URL('../preloads/crash-point.mjs', import.meta.url).href;

/** The points between receiving a command and being done with it, in their order; `preloads/crash-point.mjs` knows where they are. */
const POINTS = {
  received: 'a send has been received, and not yet put into a batch',
  'before-query': 'a batch of sends is about to be handed to PostgreSQL',
  'after-commit': 'a batch has been committed, and nobody was told',
  'after-publish': 'a batch has been told to the sockets, and not acknowledged',
  'after-ack': 'sends have been acknowledged, and their outbox row is still there',
  'change-before-commit': 'a change (an edit, a reaction, a new member) is about to be committed',
  'change-after-commit': 'a change has been committed, and nobody was told',
} as const;

/** The server kills itself (SIGKILL) at this point, and is started again. */
export const crashPoints: readonly Fault[] = Object.entries(POINTS).map(([point, sentence]) => ({
  name: `crash-${point}`,
  sentence: `the server dies (SIGKILL) at the moment when ${sentence}`,
  topology: { preloads: [PRELOAD] },
  async inject({ arena: { node, dataDir }, progress, short }) {
    writeFileSync(join(dataDir, 'crash-point'), point);
    for (let times = short ? 1 : 3; times > 0; times -= 1) {
      await node.crashAtItsPoint();
      await node.restart();
      await progress(10);
    }
  },
}));
