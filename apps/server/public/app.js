/** What is seen and touched. */
import { el, show } from './draw.js';
import { enter, isRemembered, leave, refresh } from './session.js';
import * as talk from './talk.js';
import { buildEntry, entriesOf, names, tell } from './transcript.js';

const { state, nameOf } = talk;
const $ = (id) => document.getElementById(id);

/** Does something that may be refused, and says so beside it. */
async function attempt(problem, work) {
  problem.textContent = '';
  await work().catch((error) => (problem.textContent = error.message));
}

// --- coming in ------------------------------------------------------------------------------------------

$('enter').addEventListener('change', ({ currentTarget: form }) => {
  const isNew = form.kind.value === 'register';
  $('display-name').hidden = !isNew;
  form.password.autocomplete = isNew ? 'new-password' : 'current-password';
  form.querySelector('button').textContent = isNew ? 'Create account' : 'Log in';
});

$('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  const { kind, username, password, displayName } = event.currentTarget;
  const input = { username: username.value, password: password.value };
  if (kind.value === 'register' && displayName.value !== '') input.displayName = displayName.value;
  void attempt($('enter-problem'), async () => comeIn(await enter(kind.value, input)));
});

$('leave').addEventListener('click', leave);

function comeIn(me) {
  $('welcome').hidden = true;
  $('app').hidden = false;
  talk.start(me, changed);
}

// --- starting a conversation ----------------------------------------------------------------------------

const selected = new Map();
let found = [];

$('find').addEventListener('input', ({ target: { value } }) =>
  attempt($('start-problem'), async () => {
    const people = value.trim() === '' ? [] : await talk.find(value.trim());
    if ($('find').value !== value) return;
    found = people;
    if (value.trim() !== '' && people.length === 0) $('start-problem').textContent = 'Nobody has such a name.';
    renderFound();
  }),
);

$('found').addEventListener('change', ({ target }) => {
  if (target.checked) selected.set(target.value, state.people.get(target.value));
  else selected.delete(target.value);
  renderFound();
});

$('title').addEventListener('input', renderFound);

$('start').addEventListener('submit', (event) => {
  event.preventDefault();
  if (selected.size === 0) return;
  void attempt($('start-problem'), async () => {
    await talk.begin([...selected.keys()], $('title').value.trim());
    event.target.reset();
    selected.clear();
    found = [];
    renderFound();
    $('body').focus();
  });
});

function renderFound() {
  const people = [...selected.values(), ...found.filter(({ id }) => !selected.has(id))];
  show($('found'), people, ({ id }) => id, buildPerson);
  const isGroup = selected.size > 1 || $('title').value.trim() !== '';
  $('start-what').hidden = selected.size === 0;
  $('title').required = selected.size > 1;
  $('start').querySelector('button').textContent = isGroup
    ? 'Start group'
    : `Talk to ${[...selected.values()][0]?.displayName}`;
}

function buildPerson({ id, displayName, username }) {
  const box = el('input', { type: 'checkbox', value: id, checked: selected.has(id) });
  return el('li', {}, el('label', {}, box, el('span', {}, displayName), el('small', {}, `@${username}`)));
}

// --- the list -------------------------------------------------------------------------------------------

const titleOf = (summary) => summary.conversation.title ?? nameOf(talk.peerOf(summary));
const presenceOf = (summary) => state.presence.get(talk.peerOf(summary)) ?? 'offline';

function excerptOf({ lastMessage: message }) {
  if (message === null) return 'Nothing said yet';
  if (message.kind === 'system') return tell(message);
  return `${message.senderId === state.me.id ? 'You' : nameOf(message.senderId)}: ${message.body}`;
}

function renderList() {
  const summaries = [...state.conversations.values()].sort((a, b) => (a.lastActivityAt < b.lastActivityAt ? 1 : -1));
  $('no-conversations').hidden = summaries.length > 0;
  show($('conversations'), summaries, keyOfRow, buildRow);
}

function keyOfRow(summary) {
  const { id } = summary.conversation;
  return JSON.stringify([
    id,
    titleOf(summary),
    excerptOf(summary),
    summary.unread,
    presenceOf(summary),
    id === state.room?.id,
  ]);
}

function buildRow(summary) {
  const { conversation, unread } = summary;
  const isDirect = conversation.kind === 'direct';
  const title = el(
    'strong',
    {},
    isDirect ? el('span', { className: `dot ${presenceOf(summary)}` }) : null,
    titleOf(summary),
  );
  const count = el(
    'span',
    { className: 'unread' },
    unread > 99 ? '99+' : `${unread}`,
    el('span', { className: 'unseen' }, ' unread'),
  );
  const excerpt = el('span', { className: 'excerpt' }, excerptOf(summary));
  const row = el(
    'button',
    { type: 'button', onclick: () => openRoom(conversation.id) },
    title,
    excerpt,
    unread > 0 ? count : null,
  );
  if (conversation.id === state.room?.id) row.setAttribute('aria-current', 'true');
  return el('li', {}, row);
}

async function openRoom(id) {
  await attempt($('start-problem'), () => talk.open(id));
  render();
  toEnd();
  $('body').focus();
}

// --- the room -------------------------------------------------------------------------------------------

function renderRoom() {
  const { room } = state;
  const summary = state.conversations.get(room?.id);
  $('app').classList.toggle('in-room', summary !== undefined);
  for (const id of ['scroll', 'compose', 'back']) $(id).hidden = summary === undefined;
  $('room-title').textContent = summary === undefined ? 'Choose a conversation, or find somebody.' : titleOf(summary);
  $('room-people').textContent = summary === undefined ? '' : peopleOf(summary);
  const typing = [...(room?.typing.keys() ?? [])];
  const isTyping = typing.length === 0 ? '' : `${names(typing)} ${typing.length > 1 ? 'are' : 'is'} typing…`;
  $('typing').textContent = state.connected ? isTyping : 'Not connected. What you send waits here.';
  if (summary === undefined) return;
  const wasAtEnd = $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 80;
  $('older').hidden = room.before === null;
  show($('log'), entriesOf(room), ({ key }) => `${room.id} ${key}`, buildEntry);
  if (wasAtEnd) toEnd();
}

function peopleOf(summary) {
  const { kind, members, memberCount } = summary.conversation;
  if (kind === 'direct') return { active: 'Online', away: 'Away', offline: 'Offline' }[presenceOf(summary)];
  return members === null ? `${memberCount} people` : names(members.map(({ userId }) => userId));
}

const toEnd = () => $('scroll').scrollTo(0, $('scroll').scrollHeight);

$('older').addEventListener('click', async () => {
  const fromEnd = $('scroll').scrollHeight - $('scroll').scrollTop;
  await attempt($('start-problem'), talk.loadOlder);
  render();
  $('scroll').scrollTo(0, $('scroll').scrollHeight - fromEnd);
});

$('back').addEventListener('click', () => {
  state.room = null;
  render();
});

$('compose').addEventListener('submit', (event) => {
  event.preventDefault();
  if ($('body').value.trim() === '') return;
  talk.send($('body').value.trim());
  event.target.reset();
  render();
  toEnd();
});

$('body').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('compose').requestSubmit();
});

$('body').addEventListener('input', talk.typing);
document.addEventListener('visibilitychange', () => {
  talk.markRead();
  changed();
});

// --- all of it ------------------------------------------------------------------------------------------

let drawing = null;

/** Draws once for everything that changes in the same moment. */
function changed() {
  if (state.me !== null) drawing ??= setTimeout(render);
}

function render() {
  clearTimeout(drawing);
  drawing = null;
  $('me').textContent = state.me.displayName;
  $('status').textContent = state.connected ? 'Connected' : 'Connecting…';
  $('status').className = state.connected ? 'on' : '';
  renderList();
  renderRoom();
}

const me = isRemembered() ? await refresh().catch(() => null) : null;
if (me === null) $('welcome').hidden = false;
else comeIn(me);
