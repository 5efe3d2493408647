import type { MessageView } from '@parley/contracts';
import type { Deeds, WrittenText } from './deeds.js';
import type { Device } from './device.js';
import type { Told } from './fault-box.js';
import { canonical } from './same.js';
import type { Story } from './story.js';

type Stories = ReadonlyMap<string, Story>;

/** Every text is stored once, or is shown as failed on its device; and nothing else is stored. */
export function* textFaults(deeds: Deeds, stories: Stories, devices: readonly Device[]): Generator<string> {
  const stored = new Map<string | null, MessageView[]>();
  for (const { history } of stories.values()) {
    for (const message of history.filter(({ kind }) => kind === 'text')) {
      stored.set(message.clientId, [...(stored.get(message.clientId) ?? []), message]);
    }
  }
  const failed = new Set(devices.flatMap((device) => device.failed()));
  for (const text of deeds.texts) {
    const [message, ...more] = stored.get(text.clientId) ?? [];
    const what = `"${text.body}" from ${text.device} (${text.clientId})`;
    if (more.length > 0) yield `${what} is stored ${more.length + 1} times`;
    if (message === undefined && !text.isDiscarded && !failed.has(text.clientId)) yield `${what} is lost`;
    if (message === undefined) continue;
    const gaveUp = text.isDiscarded || failed.has(text.clientId);
    if (gaveUp && !text.isRepeated) yield `${what} is stored, and was shown as failed`;
    if (!isWhatWasWritten(message, text)) yield `${what} is stored as ${JSON.stringify(message)}`;
  }
  const written = new Set<string | null>(deeds.texts.map(({ clientId }) => clientId));
  for (const [clientId, [message]] of stored) {
    if (!written.has(clientId)) yield `Nobody wrote ${JSON.stringify(message)}`;
  }
}

function isWhatWasWritten(message: MessageView, { conversationId, senderId, body, replyTo }: WrittenText): boolean {
  if (message.conversationId !== conversationId || message.senderId !== senderId) return false;
  return message.replyTo === replyTo && (message.version > 1 || message.body === body);
}

/** The texts that a device sent by itself, and at once, stand in the order in which they were written. */
export function* orderFaults(deeds: Deeds, stories: Stories): Generator<string> {
  const seqs = new Map([...stories.values()].flatMap(({ history }) => history.map((m) => [m.clientId, m.seq])));
  const last = new Map<string, number>();
  for (const { device, conversationId, clientId, body, isInOrder } of deeds.texts) {
    const seq = seqs.get(clientId);
    if (seq === undefined || !isInOrder) continue;
    const key = `${device} ${conversationId}`;
    if (seq < (last.get(key) ?? 0)) yield `"${body}" from ${device} overtook one that was written before it`;
    last.set(key, seq);
  }
}

/** A message is as the latest answered change of it has left it, unless there were changes without an answer. */
export function* changeFaults(deeds: Deeds, stories: Stories): Generator<string> {
  for (const [conversationId, { history }] of stories) {
    for (const message of history) {
      const changes = deeds.changes.filter((one) => one.conversationId === conversationId && one.seq === message.seq);
      const answered = Math.max(0, ...changes.map(({ view }) => view?.changedSeq ?? 0));
      const stored = message.changedSeq ?? 0;
      const isCertain = changes.every(({ view }) => view !== null);
      if (stored < answered || (isCertain && stored > answered)) {
        yield `${message.seq} was last changed by ${answered}, and is stored as ${JSON.stringify(message)}`;
      }
    }
  }
}

/** Each change of a group that was answered has left one system message. */
export function* groupFaults(deeds: Deeds, stories: Stories): Generator<string> {
  for (const [conversationId, { history }] of stories) {
    const done = deeds.groupChanges.filter((change) => change.conversationId === conversationId);
    const keyOf = (actorId: string, event: string, about: string): string => `${event} ${about} by ${actorId}`;
    const certain = countBy(done.filter(({ isCertain }) => isCertain).map((c) => keyOf(c.actorId, c.event, c.about)));
    const possible = countBy(done.map((c) => keyOf(c.actorId, c.event, c.about)));
    const told = countBy(
      history.flatMap(({ senderId, data }) => {
        if (data?.event === 'title_changed') return [keyOf(senderId, data.event, data.title)];
        if (data?.event !== 'member_left' && data?.event !== 'member_removed') return [];
        return data.userIds.map((userId) => keyOf(senderId, data.event, userId));
      }),
    );
    for (const key of new Set([...possible.keys(), ...told.keys()])) {
      const count = told.get(key) ?? 0;
      if (count < (certain.get(key) ?? 0) || count > (possible.get(key) ?? 0)) yield `${key} is told ${count} times`;
    }
  }
}

/** Nobody was told, or shown, anything from a time when they did not belong to the conversation. */
export function* entitlementFaults(device: Device, stories: Stories): Generator<string> {
  const { id } = device.owner;
  const mayKnow = (conversationId: string, seq: number, change = seq): boolean =>
    stories.get(conversationId)?.mayKnow(id, seq, change) ?? false;
  for (const told of device.box.told) {
    if (![...pointsOf(told)].every(([conversationId, seq, change]) => mayKnow(conversationId, seq, change))) {
      yield `${device.name} was told ${JSON.stringify(told)}`;
    }
  }
  for (const message of device.shown) {
    if (!mayKnow(message.conversationId, message.seq, stateOf(message))) {
      yield `${device.name} shows ${JSON.stringify(message)}`;
    }
  }
}

type Point = readonly [conversationId: string, seq: number, change?: number];

/** The places on number lines of which something was told: of a message, and of its latest change. */
function* pointsOf(told: Told): Generator<Point> {
  if (told.by === 'answer') yield pointOf(told.message);
  else if (told.by === 'sync') {
    for (const { conversation, visibleFromSeq, lastSeq, lastMessage } of told.reply.conversations) {
      yield [conversation.id, visibleFromSeq, lastSeq];
      if (lastMessage !== null) yield pointOf(lastMessage);
    }
    for (const update of told.reply.updates) {
      yield [update.conversationId, update.kind === 'delta' ? update.to : update.head];
      for (const message of update.messages) yield pointOf(message);
    }
  } else yield* pointsOfFact(told.heard);
}

function* pointsOfFact({ fact, payload }: Extract<Told, { by: 'fact' }>['heard']): Generator<Point> {
  switch (fact) {
    case 'message:sent':
    case 'message:changed':
      yield [payload.conversationId, payload.message.seq, Math.max(payload.seq, stateOf(payload.message))];
      break;
    case 'conversation:changed':
    case 'conversation:joined':
    case 'conversation:left':
      yield [payload.conversationId, payload.seq];
      break;
    case 'receipt:changed':
      // A position may be older than one's belonging to the conversation, but not younger.
      yield [payload.conversationId, Infinity, Math.max(payload.readSeq ?? 0, payload.deliveredSeq)];
      break;
    default:
    // The others tell of no place on a number line.
  }
}

const stateOf = ({ seq, changedSeq }: MessageView): number => changedSeq ?? seq;
const pointOf = (message: MessageView): Point => [message.conversationId, message.seq, stateOf(message)];

/** On one connection the numbers of a conversation only grow, and nothing follows its end. */
export function* liveOrderFaults({ name, box }: Device): Generator<string> {
  const last = new Map<string, number>();
  const left = new Set<string>();
  for (const told of box.told) {
    if (told.by !== 'fact' || !('seq' in told.heard.payload)) continue;
    const { fact, payload } = told.heard;
    const key = `${told.connection} ${payload.conversationId}`;
    const before = last.get(key) ?? -1;
    const isMessage = fact === 'message:sent' || fact === 'message:changed';
    if (isMessage ? payload.seq <= before : payload.seq < before) {
      // Whoever joins is told so before the message that says it, which has the same number.
      yield `${name} heard ${fact} ${payload.seq} after ${before}`;
    }
    if (left.has(key) && fact !== 'conversation:joined') yield `${name} heard ${fact} ${payload.seq} after leaving`;
    if (fact === 'conversation:joined') left.delete(key);
    if (fact === 'conversation:left') left.add(key);
    if (isMessage) last.set(key, payload.seq);
  }
}

/** A message in one state is the same for everybody, however they came to know of it. */
export function* viewFaults(views: Iterable<MessageView>): Generator<string> {
  const known = new Map<string, string>();
  for (const message of views) {
    const { duplicate, ...view } = message as MessageView & { duplicate?: boolean };
    // To somebody who was removed a repetition shows what they sent, of which the mentions may not be known any more.
    const mayLackMentions = duplicate === true && view.changedSeq === null;
    const seen = mayLackMentions ? { ...view, mentions: null, mentionsAll: null } : view;
    const key = `${message.conversationId} ${message.seq} ${message.changedSeq} ${mayLackMentions}`;
    const text = canonical(seen);
    const before = known.get(key) ?? text;
    if (before !== text) yield `One message, two views: ${before} and ${text}`;
    known.set(key, before);
  }
}

/** Every message that a device was told of. */
export function* viewsToldTo({ box, shown }: Device): Generator<MessageView> {
  yield* shown;
  for (const told of box.told) {
    if (told.by === 'answer') yield told.message;
    else if (told.by === 'sync') yield* told.reply.updates.flatMap(({ messages }) => messages);
    else if ('message' in told.heard.payload) yield told.heard.payload.message;
  }
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
