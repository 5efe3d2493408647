/**
 * What this page knows, and how it stays true: the socket tells what happens, REST fills what was missed,
 * and every message is placed by its number `seq`.
 */
import { call, currentToken, refresh } from './session.js';

export const state = {
  me: null,
  connected: false,
  /** Summaries by the id of their conversation. */
  conversations: new Map(),
  /** The open conversation: { id, messages by seq, last: as far as there is no gap, before, typing }. */
  room: null,
  people: new Map(),
  presence: new Map(),
  /** What has no number yet: { conversationId, clientId, body, failed }. It survives a reload. */
  outbox: JSON.parse(sessionStorage.getItem('parley.outbox')) ?? [],
};

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** NOTE: `crypto.randomUUID` is missing on a page that came over plain HTTP from another machine. */
const newId = () =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );

let changed;
let socket;
let flushing = false;
let comingBack = null;
let typedAt = 0;

/** Connects as `me`; `onChange` is called whenever there is something new to show. */
export function start(me, onChange) {
  state.me = me;
  changed = onChange;
  learn([me]);
  socket = io({ auth: (give) => give({ token: currentToken() }) });
  socket.on('ready', catchUp);
  socket.on('connect_error', ({ data: problem }) => problem && comeBack(problem));
  socket.on('disconnect', (reason) => {
    state.connected = false;
    changed();
    // Socket.IO comes back by itself unless it was the server that hung up.
    if (reason === 'io server disconnect' && comingBack === null) reconnect(1_000);
  });
  // Where it may not come back, the refusal of the next connection ends the session of this page.
  socket.on('session:ended', ({ retryInMs }) => reconnect(retryInMs ?? 0));
  socket.on('server:draining', ({ retryInMs }) => reconnect(retryInMs));
  socket.on('session:expiring', async () => {
    await refresh().catch(() => {});
    await ask('auth:refresh', { accessToken: currentToken() });
  });
  socket.on('message:sent', ({ message }) => receive(message));
  socket.on('conversation:joined', loadConversations);
  socket.on('conversation:changed', loadConversations);
  socket.on('conversation:left', loadConversations);
  socket.on('receipt:changed', ({ conversationId, readSeq }) => {
    const summary = state.conversations.get(conversationId);
    if (summary !== undefined && readSeq >= summary.lastSeq) summary.unread = 0;
    changed();
  });
  socket.on('typing:changed', noteTyping);
  socket.on('presence:changed', (presence) => notePresence([presence]));
  socket.on('user:changed', ({ user }) => learn([user]));
}

/** Sends a command; silence counts as a refusal that is worth another try. */
const ask = (command, input) =>
  socket
    .timeout(5_000)
    .emitWithAck(command, input)
    .catch(() => ({ ok: false, error: { retryable: true } }));

/** After every connection: what was missed is fetched, then what is waiting is sent. */
async function catchUp() {
  state.presence.clear();
  try {
    await loadConversations();
    if (state.room?.last < Infinity) await fillGap(state.room);
    state.connected = true;
    flush();
  } catch {
    reconnect(1_000);
  }
}

async function comeBack(problem) {
  if (problem.status === 401) await refresh().catch(() => {});
  reconnect(problem.retryInMs ?? 1_000);
}

function reconnect(inMs) {
  clearTimeout(comingBack);
  const connect = () => {
    comingBack = null;
    socket.disconnect().connect();
  };
  comingBack = setTimeout(connect, inMs * (1 + Math.random()));
}

// --- conversations and people ---------------------------------------------------------------------------

async function loadConversations() {
  const { items } = await call('GET', '/conversations?limit=100');
  state.conversations = new Map(items.map((summary) => [summary.conversation.id, summary]));
  if (!state.conversations.has(state.room?.id)) state.room = null;
  const members = items.flatMap(({ conversation }) => conversation.members ?? []);
  learn(members.map(({ userId, ...person }) => ({ ...person, id: userId })));
  markRead();
  changed();
  const peers = [...state.conversations.values()].map(peerOf).filter((id) => id !== null && !state.presence.has(id));
  if (peers.length === 0) return;
  notePresence(peers.map((userId) => ({ userId, state: 'offline' })));
  const answer = await ask('presence:watch', { userIds: peers.slice(0, 200) });
  if (answer.ok) notePresence(answer.data.items);
}

/** The other person of a direct conversation. */
export const peerOf = ({ conversation: { kind, members } }) =>
  (kind === 'direct' && members?.find(({ userId }) => userId !== state.me.id)?.userId) || null;

/** Starts (or finds) the conversation with these people, and opens it. */
export async function begin(memberIds, title) {
  const what = title === '' && memberIds.length === 1 ? { kind: 'direct' } : { kind: 'group', title };
  const { id } = await call('POST', '/conversations', { ...what, memberIds });
  await loadConversations();
  await open(id);
}

export async function find(query) {
  const { items } = await call('GET', `/users?limit=8&query=${encodeURIComponent(query)}`);
  learn(items);
  return items.filter(({ id }) => id !== state.me.id);
}

function learn(people) {
  for (const person of people) state.people.set(person.id, person);
  changed();
}

/** A person's name; of one who has left, it is asked for and shown when it comes. */
export function nameOf(id) {
  if (!state.people.has(id)) {
    state.people.set(id, { id, displayName: '…' });
    call('GET', `/users/${id}`).then(
      (user) => learn([user]),
      () => {},
    );
  }
  return state.people.get(id).displayName;
}

function notePresence(items) {
  for (const item of items) state.presence.set(item.userId, item.state);
  changed();
}

function noteTyping({ conversationId, userId, typing }) {
  const { room } = state;
  if (room?.id !== conversationId || userId === state.me.id) return;
  clearTimeout(room.typing.get(userId));
  room.typing.delete(userId);
  if (typing)
    room.typing.set(
      userId,
      setTimeout(() => noteTyping({ conversationId, userId }), 6_000),
    );
  changed();
}

export function typing() {
  if (Date.now() - typedAt < 3_000) return;
  typedAt = Date.now();
  ask('typing:start', { conversationId: state.room.id });
}

// --- messages -------------------------------------------------------------------------------------------

export async function open(id) {
  const room = { id, messages: new Map(), last: Infinity, before: null, typing: new Map() };
  state.room = room;
  changed();
  const page = await call('GET', `/conversations/${id}/messages`);
  room.last = (page.items[0]?.seq ?? 1) - 1;
  room.before = page.before;
  place(room, page.items);
  if (state.conversations.get(id).lastSeq > room.last) await fillGap(room);
  markRead();
  changed();
}

export async function loadOlder() {
  const { room } = state;
  const page = await call('GET', `/conversations/${room.id}/messages?before=${room.before}`);
  room.before = page.before;
  place(room, page.items);
}

/** Every number once. Nothing behind a gap is shown before the gap is filled. */
function place(room, messages) {
  for (const message of messages) room.messages.set(message.seq, message);
  while (room.messages.has(room.last + 1)) room.last += 1;
  changed();
}

async function fillGap(room) {
  for (let after = room.last; after !== null;) {
    const page = await call('GET', `/conversations/${room.id}/messages?limit=100&after=${after}`);
    place(room, page.items);
    ({ after } = page);
  }
}

function receive(message) {
  const { conversationId, seq, senderId } = message;
  const summary = state.conversations.get(conversationId);
  if (summary === undefined) return loadConversations();
  if (seq > summary.lastSeq) {
    Object.assign(summary, { lastSeq: seq, lastMessage: message, lastActivityAt: message.createdAt });
    if (senderId !== state.me.id && message.kind === 'text') summary.unread += 1;
  }
  if (state.room?.id === conversationId && seq > state.room.last) {
    noteTyping({ conversationId, userId: senderId });
    place(state.room, [message]);
    if (seq > state.room.last) fillGap(state.room).catch(() => {});
  }
  markRead();
  changed();
}

/** Everything in the open conversation counts as read while it is in sight. */
export function markRead() {
  const summary = state.conversations.get(state.room?.id);
  if (summary === undefined || summary.unread === 0 || document.hidden) return;
  summary.unread = 0;
  ask('conversation:read', { conversationId: state.room.id, seq: summary.lastSeq });
}

/** Gives a message the id with which it is sent until it is answered, so that it is stored once. */
export function send(body) {
  ask('typing:stop', { conversationId: state.room.id });
  state.outbox.push({ conversationId: state.room.id, clientId: newId(), body, failed: null });
  keepOutbox();
  flush();
}

/** Gives up a message that was refused. */
export function discard(item) {
  state.outbox.splice(state.outbox.indexOf(item), 1);
  keepOutbox();
}

function keepOutbox() {
  sessionStorage.setItem('parley.outbox', JSON.stringify(state.outbox));
  changed();
}

/** Sends what is waiting, one after the other, so that its order stays. */
async function flush() {
  if (flushing) return;
  flushing = true;
  for (let item; state.connected && (item = state.outbox.find(({ failed }) => failed === null));) {
    const { conversationId, clientId, body } = item;
    const { ok, data, error } = await ask('message:send', { conversationId, clientId, body });
    if (ok) {
      receive(data);
      discard(item);
    } else if (error.retryable) await wait(error.retryInMs ?? 1_000);
    else {
      item.failed = error.detail;
      keepOutbox();
    }
  }
  flushing = false;
}
