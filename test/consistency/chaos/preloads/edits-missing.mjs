import { load, wrap } from './wrap.mjs';

/** A seeded bug: `sync` tells of new messages only, and leads over the numbers of changes. */
const { DeltasAccess } = await load('messages/deltas.access.js');

wrap(
  DeltasAccess,
  'find',
  (find) =>
    async function findNewOnes(...args) {
      const answers = await find.apply(this, args);
      return answers.map((messages) => messages.filter(({ at, message }) => at === message.seq));
    },
);
