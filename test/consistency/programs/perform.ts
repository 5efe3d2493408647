import type { Conversation } from '@parley/client';
import type { ConversationView, MessageView } from '@parley/contracts';
import type { Person } from '../../support/people.js';
import type { Outcome, WrittenText } from './deeds.js';
import { describeStep } from './describe-program.js';
import type { Device } from './device.js';
import type { Action, Body, Step } from './program.js';
import type { Place, World } from './world.js';

/** Everything that a step needs; `goesOn` also says that nobody waits for it. */
interface Scene {
  world: World;
  device: Device;
  what: string;
  waits: boolean;
}

/** What does not ask whether the client knows who one is: writing, and what becomes of the network. */
const IMMEDIATE: readonly Action['do'][] = [
  'send',
  'reload',
  'go offline',
  'come back',
  'break the connection',
  'lose the next answer',
  'disturb hints',
  'let hints pass',
];

type Of<D extends Action['do']> = Extract<Action, { do: D }>;

/** Carries out a step. Refusals are part of the story; what rejects is a bug of the test. */
export async function perform(world: World, step: Step): Promise<void> {
  const { person, device: index, action, goesOn } = step;
  const devices = world.devices[person % world.people.length]!;
  const device = devices[index % devices.length]!;
  const what = describeStep(step, world.people.length);
  if (!IMMEDIATE.includes(action.do)) await device.ready();
  await act({ world, device, what, waits: !goesOn }, action);
}

async function act(scene: Scene, action: Action): Promise<unknown> {
  const { device } = scene;
  switch (action.do) {
    case 'send':
      return send(scene, action);
    case 'send the same again':
      return sendAgain(scene, action);
    case 'retry':
    case 'discard':
      handleFailed(scene, action);
      return undefined;
    case 'edit':
    case 'delete':
    case 'react':
    case 'unreact':
      return change(scene, action);
    case 'add':
    case 'remove':
    case 'leave':
    case 'rename':
    case 'change role':
      return changeGroup(scene, action);
    case 'read':
    case 'load older':
    case 'load newer':
    case 'jump to':
    case 'jump to latest':
      return look(scene, action);
    case 'change settings':
      return scene.world.deeds.outcomeOf(scene.what, conversationOf(scene, action).updateSettings(action.settings));
    case 'show reads':
      return scene.world.deeds.outcomeOf(scene.what, device.client.updateProfile({ readReceipts: action.shown }));
    default:
      return suffer(device, action);
  }
}

async function send({ world, device, waits }: Scene, action: Of<'send'>): Promise<void> {
  const conversation = conversationOf({ world, device }, action);
  const replyTo = action.replyTo === null ? null : (pickShown(conversation, action.replyTo)?.seq ?? null);
  const body = toText(world, action.body);
  const { clientId, sent } = conversation.send(body, { replyTo });
  const [conversationId, senderId] = [conversation.id, device.owner.id];
  world.deeds.write({ conversationId, senderId, device: device.name, clientId, body, replyTo, isInOrder: true });
  // Without a network, nobody waits for it.
  if (waits && device.box.isOnline) await sent.catch(() => undefined);
}

/** The same send, as another program of this person would repeat it. */
async function sendAgain({ world, device }: Scene, { pick, over }: Of<'send the same again'>): Promise<void> {
  const text = pickFrom(textsOf(world, device.owner).filter(mayBeRepeated(world)), pick);
  if (text === undefined) return;
  text.isRepeated = true;
  text.isInOrder = false;
  const { conversationId, clientId, body, replyTo } = text;
  const input = { clientId, body, ...(replyTo !== null && { replyTo }) };
  if (over === 'the socket') {
    device.box.send('message:send', { conversationId, ...input });
    return;
  }
  const answer = await device.owner.rest.post(`/conversations/${conversationId}/messages`, input);
  if (answer.status >= 500) world.deeds.oddities.push(`A repeated send was answered with ${answer.status}`);
}

/** A text that is shown as failed may be retried by its device, and by nobody else. */
function mayBeRepeated(world: World) {
  const failed = new Set(world.allDevices.flatMap((device) => device.failed()));
  return ({ clientId, isDiscarded }: WrittenText): boolean => !isDiscarded && !failed.has(clientId);
}

function handleFailed({ world, device }: Scene, action: Of<'retry' | 'discard'>): void {
  const clientId = pickFrom(device.failed(), action.pick);
  const text = world.deeds.texts.find((written) => written.clientId === clientId);
  if (text === undefined) return;
  const conversation = device.client.conversation(text.conversationId);
  if (action.do === 'retry') {
    text.isInOrder = false;
    conversation.retry(text.clientId);
  } else {
    text.isDiscarded = true;
    conversation.discard(text.clientId);
  }
}

async function change(scene: Scene, action: Of<'edit' | 'delete' | 'react' | 'unreact'>): Promise<void> {
  const { world, device, what } = scene;
  const conversation = conversationOf(scene, action);
  const own = action.do === 'edit' ? (message: MessageView) => message.senderId === device.owner.id : undefined;
  const message = pickShown(conversation, action.pick, own);
  if (message === undefined) return;
  const { seq } = message;
  const place = { conversationId: conversation.id, seq };
  const has = (view: MessageView, emoji: string): boolean =>
    view.reactions.some((kind) => kind.emoji === emoji && kind.userIds.includes(device.owner.id));
  if (action.do === 'edit') {
    const body = toText(world, action.body);
    const stale = Math.max(1, message.version - 1);
    const version = { none: undefined, shown: message.version, stale }[action.version];
    const asking = conversation.edit(seq, body, version === undefined ? {} : { version });
    await world.deeds.change(what, place, asking, (view) => view.body === body);
  } else if (action.do === 'delete') {
    await world.deeds.change(what, place, conversation.delete(seq), (view) => view.deletedAt !== null);
  } else {
    const adds = action.do === 'react';
    const asking = adds ? conversation.react(seq, action.emoji) : conversation.unreact(seq, action.emoji);
    await world.deeds.change(what, place, asking, (view) => has(view, action.emoji) === adds);
  }
}

async function changeGroup(
  scene: Scene,
  action: Of<'add' | 'remove' | 'leave' | 'rename' | 'change role'>,
): Promise<void> {
  const { world, device, what } = scene;
  const { deeds } = world;
  const conversation = conversationOf(scene, action);
  const change = { conversationId: conversation.id, actorId: device.owner.id };
  if (action.do === 'leave') {
    const leaving = { ...change, event: 'member_left' as const, about: device.owner.id };
    await deeds.changeGroup(what, leaving, conversation.leave());
    return;
  }
  if (action.do === 'rename') {
    const title = deeds.newTitle();
    await deeds.changeGroup(what, { ...change, event: 'title_changed', about: title }, conversation.rename(title));
    return;
  }
  const whom = world.people[action.whom % world.people.length]!;
  if (action.do === 'remove') {
    const event = whom === device.owner ? ('member_left' as const) : ('member_removed' as const);
    await deeds.changeGroup(what, { ...change, event, about: whom.id }, conversation.removeMember(whom.id));
    return;
  }
  const role = 'role' in action ? action.role : null;
  const asking = role === null ? conversation.addMembers([whom.id]) : conversation.changeRole(whom.id, role);
  expectMember(scene, whom, await deeds.outcomeOf(what, asking), role);
}

/** The answer shows that somebody belongs to the group, as what they were made. */
function expectMember(
  { world, what }: Scene,
  { id }: Person,
  outcome: Outcome<ConversationView>,
  role: string | null,
): void {
  if (outcome.is !== 'done') return;
  const member = outcome.answer.members?.find(({ userId }) => userId === id);
  if (member === undefined || member.role !== (role ?? member.role)) {
    world.deeds.oddities.push(`${what} was answered with ${JSON.stringify(outcome.answer)}`);
  }
}

async function look(
  scene: Scene,
  action: Of<'read' | 'load older' | 'load newer' | 'jump to' | 'jump to latest'>,
): Promise<void> {
  const conversation = conversationOf(scene, action);
  const looking = (): Promise<void> => {
    switch (action.do) {
      case 'read':
        conversation.markRead(pickShown(conversation, action.pick)?.seq);
        return Promise.resolve();
      case 'load older':
        return conversation.loadOlder();
      case 'load newer':
        return conversation.loadNewer();
      case 'jump to':
        return conversation.jumpTo(1 + (action.pick % (conversation.summary.getSnapshot()?.lastSeq || 1)));
      case 'jump to latest':
        return conversation.jumpToLatest();
    }
  };
  await scene.world.deeds.outcomeOf(scene.what, looking());
}

async function suffer(
  device: Device,
  action: Exclude<Action, { where: number } | { pick: number } | { shown: boolean }>,
): Promise<void> {
  const { box } = device;
  switch (action.do) {
    case 'go offline':
      box.goOffline();
      break;
    case 'come back':
      box.comeBack();
      device.client.reconnect();
      break;
    case 'break the connection':
      box.breakConnection();
      break;
    case 'lose the next answer':
      box.loseNextAnswer();
      break;
    case 'reload':
      device.reload();
      await device.ready();
      break;
    case 'disturb hints':
      box.disturb(action.how, action.choices);
      break;
    case 'let hints pass':
      box.letPass();
      break;
  }
}

function conversationOf({ world, device }: Pick<Scene, 'world' | 'device'>, action: { where: number }): Conversation {
  const { id }: Place = world.places[action.where % world.places.length]!;
  return device.client.conversation(id);
}

/** One of the messages that the device shows, if there are any, rather one of those that are `preferred`. */
function pickShown(
  { timeline }: Conversation,
  pick: number,
  preferred?: (message: MessageView) => boolean,
): MessageView | undefined {
  const shown = timeline.getSnapshot().messages.flatMap((message) => (message.status === 'sent' ? [message] : []));
  const wanted = preferred === undefined ? [] : shown.filter(preferred);
  return pickFrom(wanted.length > 0 ? wanted : shown, pick);
}

function pickFrom<T>(items: readonly T[], pick: number): T | undefined {
  return items[pick % items.length];
}

function textsOf({ deeds }: World, person: Person): WrittenText[] {
  return deeds.texts.filter(({ senderId }) => senderId === person.id);
}

function toText({ people }: World, { text, mention }: Body): string {
  if (mention === 'nobody') return text;
  return `${text} @${mention === 'everybody' ? 'all' : people[mention % people.length]!.username}`;
}
