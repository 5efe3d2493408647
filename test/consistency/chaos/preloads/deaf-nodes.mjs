import { load, wrap } from './wrap.mjs';

/** A seeded bug: nothing reaches the other nodes, and nobody compares what was delivered with the database. */
const { LinkedFanOut } = await load('events/fan-out/linked-fan-out.js');
const { Audit } = await load('realtime/audit.js');

wrap(LinkedFanOut, 'send', () => function sendNothing() {});
wrap(Audit, 'checkConversations', () => async function checkNothing() {});
