import { setTimeout } from 'node:timers';
import { load, wrap } from './wrap.mjs';

/** A seeded bug: a socket enters its rooms a moment after its memberships were read and it was told to be ready. */
const LATER_MS = 300;
const { ConversationFeeds } = await load('realtime/conversation-feeds.js');

wrap(
  ConversationFeeds,
  'enter',
  (enter) =>
    function enterLater(socket, standings) {
      setTimeout(() => socket.connected && enter.call(this, socket, standings), LATER_MS);
    },
);
