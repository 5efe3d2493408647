import { load, wrap } from './wrap.mjs';

/** A seeded bug: whoever is removed from a conversation stays in its room. */
const { Rooms } = await load('realtime/rooms.js');

wrap(Rooms, 'evict', () => function keepThemIn() {});
