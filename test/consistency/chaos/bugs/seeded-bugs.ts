import { withClient } from '../arena/cluster.js';
import {
  awayMeanwhile,
  bursts,
  comingAndGoing,
  comingBack,
  everythingTwice,
  killedUnderLoad,
  readingAround,
  twoNodes,
} from './directed-faults.js';
import { rewriteAppend } from './rewrite-function.js';
import { inProcess, inSql, type SeededBug } from './seeded-bug.js';

/** The head is locked in the statement that looks for retries, with a snapshot from before the wait. */
const LOCK_IN_THE_SAME_STATEMENT = [
  [/PERFORM 1\s+FROM conversation_heads h[^;]*FOR NO KEY UPDATE;/, ''],
  [
    /LEFT JOIN conversation_heads h ON h\.conversation_id = i\.conversation_id/,
    `LEFT JOIN (SELECT c.conversation_id, c.last_seq, c.member_version FROM conversation_heads c
                 WHERE c.conversation_id = ANY (p_conversation_ids) ORDER BY c.conversation_id FOR NO KEY UPDATE) h
            ON h.conversation_id = i.conversation_id`,
  ],
  [/(LEFT JOIN named ON named\.ord = n\.ord\s+WHERE n\.outcome = 0)/, '$1 ON CONFLICT DO NOTHING'],
] as const;

const UNIQUE = 'ALTER TABLE messages DROP CONSTRAINT messages_conversation_id_sender_id_client_id_uq';

/** Servers that each break one promise. The checker has to tell. */
export const SEEDED_BUGS: readonly SeededBug[] = [
  inProcess({
    sentence: 'acknowledges before it commits',
    caughtBy: ['acknowledged-lost'],
    fault: killedUnderLoad,
    preload: 'ack-before-commit.mjs',
  }),
  inSql({
    sentence: 'does not look for what was sent before',
    caughtBy: ['sent-twice'],
    fault: bursts,
    prepare: async (url) => {
      await withClient(url, (client) => client.query(UNIQUE));
      await rewriteAppend(url, [[/AND sent\.client_id = i\.client_id/, 'AND false']]);
    },
  }),
  inSql({
    sentence: 'locks, looks for retries and inserts in one statement',
    caughtBy: ['number-line', 'acknowledged-lost'],
    fault: everythingTwice,
    prepare: (url) => rewriteAppend(url, LOCK_IN_THE_SAME_STATEMENT),
  }),
  inProcess({
    sentence: 'lets a socket into its rooms after it has read where the conversations stand',
    caughtBy: ['delivery-lost'],
    fault: comingBack,
    preload: 'late-rooms.mjs',
  }),
  inProcess({
    sentence: 'loses what it should tell the other node, and never compares',
    caughtBy: ['delivery-lost', 'final-state'],
    fault: twoNodes,
    preload: 'deaf-nodes.mjs',
  }),
  inProcess({
    sentence: 'does not take people out of the rooms that they were removed from',
    caughtBy: ['after-removal'],
    fault: comingAndGoing,
    preload: 'removal-ignored.mjs',
  }),
  inProcess({
    sentence: 'leaves edits out of sync',
    caughtBy: ['final-state'],
    fault: awayMeanwhile,
    preload: 'edits-missing.mjs',
  }),
  inProcess({
    sentence: 'has the connection state recovery of Socket.IO switched on',
    caughtBy: ['after-removal'],
    fault: awayMeanwhile,
    preload: 'state-recovery.mjs',
  }),
  inProcess({
    sentence: 'lets read positions go back',
    caughtBy: ['acknowledged-lost'],
    fault: readingAround,
    preload: 'positions-go-back.mjs',
  }),
  inProcess({
    sentence: "acknowledges with another message's number",
    caughtBy: ['acknowledged-lost', 'contradiction'],
    fault: bursts,
    preload: 'other-number.mjs',
  }),
  inSql({
    sentence: 'gives out numbers against the order of sending',
    caughtBy: ['order'],
    fault: bursts,
    prepare: (url) => rewriteAppend(url, [[/ORDER BY j\.ord ROWS/, 'ORDER BY j.ord DESC ROWS']]),
  }),
  inProcess({
    sentence: 'refuses for good what it has stored',
    caughtBy: ['failure-that-happened'],
    fault: bursts,
    preload: 'false-refusal.mjs',
  }),
];
