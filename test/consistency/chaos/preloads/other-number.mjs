import { load, wrap } from './wrap.mjs';

/** A seeded bug: of two messages in one batch each is answered with the number of the other. */
const STORED = 0;
const { AppendBatch } = await load('messages/append-batch.js');

wrap(
  AppendBatch,
  'call',
  (call) =>
    async function callAndMixUp(client) {
      const answer = await call.call(this, client);
      const { rows } = answer;
      for (let index = 1; index < rows.length; index += 1) {
        const [one, other] = [rows[index - 1], rows[index]];
        const isSamePlace = this.sends[index - 1].send.conversationId === this.sends[index].send.conversationId;
        if (!isSamePlace || one.outcome !== STORED || other.outcome !== STORED) continue;
        [one.seq, other.seq] = [other.seq, one.seq];
        break;
      }
      return answer;
    },
);
