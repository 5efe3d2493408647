import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, wrap } from './wrap.mjs';

/**
 * Lets a server kill itself at one point of its work: the one that the file `crash-point` in its data folder
 * names, the next time it comes there after a SIGUSR2.
 */
const { MessageAppender } = await load('messages/message-appender.js');
const { AppendBatch } = await load('messages/append-batch.js');
const { Outbox } = await load('database/outbox.js');
const { Transactions } = await load('database/transactions.js');

let armed = null;
process.on('SIGUSR2', () => (armed = readFileSync(join(process.env.PARLEY_DATA_DIR, 'crash-point'), 'utf8')));

function pass(point) {
  if (armed === point) process.kill(process.pid, 'SIGKILL');
}

wrap(
  MessageAppender,
  'append',
  (append) =>
    function appendUnlessDead(send) {
      pass('received');
      return append.call(this, send);
    },
);

wrap(
  AppendBatch,
  'call',
  (call) =>
    async function callUnlessDead(...args) {
      pass('before-query');
      const answer = await call.apply(this, args);
      pass('after-commit');
      return answer;
    },
);

wrap(
  Outbox,
  'publishChanges',
  (publishChanges) =>
    function publishUnlessDead(...args) {
      publishChanges.apply(this, args);
      pass('after-publish');
    },
);

wrap(
  Outbox,
  'forget',
  (forget) =>
    function forgetUnlessDead() {
      if (this.published.length > 0) pass('after-ack');
      return forget.call(this);
    },
);

wrap(
  Transactions,
  'commit',
  (commit) =>
    async function commitUnlessDead(...args) {
      pass('change-before-commit');
      await commit.apply(this, args);
      pass('change-after-commit');
    },
);
