import { setTimeout } from 'node:timers';
import { load, wrap } from './wrap.mjs';

/** A seeded bug: a batch is answered when its statement has returned, and committed a moment later. */
const COMMIT_AFTER_MS = 300;
const { AppendBatch } = await load('messages/append-batch.js');

wrap(
  AppendBatch,
  'call',
  (call) =>
    async function callWithoutCommit(client) {
      await client.query('BEGIN');
      const answer = await call.call(this, client);
      setTimeout(() => client.query('COMMIT').catch(() => undefined), COMMIT_AFTER_MS);
      return answer;
    },
);
