import type { Conversation } from '@parley/client';
import type { ConversationSummary, MessageView } from '@parley/contracts';
import type { Person } from '../../support/people.js';
import type { Device } from './device.js';
import { differences } from './same.js';
import type { Story } from './story.js';
import type { Truth } from './truth.js';

/** Where the server's answers to a person are not what the history makes of them. */
export function* serverDifferences(
  person: Person,
  { summaries, histories }: Truth,
  stories: ReadonlyMap<string, Story>,
): Generator<string> {
  const found = new Map(summaries.map((summary) => [summary.conversation.id, summary]));
  for (const [id, story] of stories) {
    const summary = found.get(id);
    const who = `${person.displayName} asks the server about ${id}`;
    if ((summary !== undefined) !== (story.visibleFrom(person.id) !== null)) yield `${who}: is in the list or is not`;
    if (summary === undefined) continue;
    const visible = story.visibleTo(person.id);
    yield* differences(`${who} – history`, histories.get(id), visible);
    yield* differences(`${who} – summary`, outlineOf(summary), expectedOutline(person, summary, story));
    yield* differences(`${who} – last message`, summary.lastMessage, visible.at(-1) ?? null);
  }
}

/** Where what a device shows is not what the server answers to its owner. */
export function* deviceDifferences(device: Device, truth: Truth): Generator<string> {
  const { client, name } = device;
  yield* differences(`${name}'s profile`, client.me.getSnapshot(), truth.profile);
  const { items, hasMore, isLoaded } = client.conversations.getSnapshot();
  yield* differences(`${name}'s list`, inOrder(items), inOrder(truth.summaries));
  if (hasMore || !isLoaded) yield `${name}'s list is not whole`;
  for (const conversation of device.conversations) {
    yield* conversationDifferences(`${name}: ${conversation.id}`, conversation, truth);
  }
}

/** By last activity; of two in the same millisecond the server knows which is later, and nobody else. */
function inOrder(summaries: readonly ConversationSummary[]): string[] {
  const keys = summaries.map(({ conversation, lastActivityAt }) => `${lastActivityAt} ${conversation.id}`);
  const times = keys.map((key) => key.split(' ')[0]);
  return times.every((time, index) => time! <= (times[index - 1] ?? time!)) ? keys.sort() : keys;
}

function* conversationDifferences(
  name: string,
  { id, summary, timeline, members, receipts }: Conversation,
  truth: Truth,
): Generator<string> {
  const expected = truth.summaries.find(({ conversation }) => conversation.id === id);
  const history = truth.histories.get(id) ?? [];
  const shownSummary = summary.getSnapshot();
  yield* differences(`${name}'s summary`, shownSummary, expectedSummary(shownSummary, expected, history));
  yield* differences(`${name}'s members`, members.getSnapshot(), expected?.conversation.members ?? []);
  yield* differences(`${name}'s receipts`, receipts.getSnapshot(), expected?.receipts ?? []);
  const { messages, hasOlder, hasNewer, isLoading } = timeline.getSnapshot();
  if (messages.some(({ status }) => status === 'pending')) yield `${name}: a text is on its way`;
  if (isLoading) yield `${name}: it is loading`;
  const shown = messages.flatMap((message) => (message.status === 'sent' ? [withoutStatus(message)] : []));
  if (expected === undefined) {
    if (shown.length > 0) yield `${name}: it shows messages, and one is not in it`;
    return;
  }
  const first = shown[0]?.seq ?? Infinity;
  const last = hasNewer ? (shown.at(-1)?.seq ?? 0) : Infinity;
  const stretch = history.filter(({ seq }) => seq >= first && seq <= last);
  yield* differences(`${name}'s timeline`, shown, stretch);
  yield* differences(
    `${name}: hasOlder`,
    hasOlder,
    history.some(({ seq }) => seq < first),
  );
  yield* differences(
    `${name}: hasNewer`,
    hasNewer,
    history.some(({ seq }) => seq > last),
  );
}

/**
 * The server's summary. What became of messages from before somebody came is not told to them, so their
 * devices learn of the numbers that it took with the next message, or when they ask.
 */
function expectedSummary(
  shown: ConversationSummary | null,
  expected: ConversationSummary | undefined,
  history: readonly MessageView[],
): ConversationSummary | null {
  if (expected === undefined || shown === null) return expected ?? null;
  const told = Math.max(0, ...history.map(({ seq, changedSeq }) => Math.max(seq, changedSeq ?? 0)));
  const isTold = shown.lastSeq >= told && shown.lastSeq <= expected.lastSeq;
  return { ...expected, lastSeq: isTold ? shown.lastSeq : expected.lastSeq };
}

function withoutStatus({ status: _, ...message }: MessageView & { status: unknown }): MessageView {
  return message;
}

/** The part of a summary that follows from the history and the reader's position. */
function outlineOf({ conversation, role, lastSeq, visibleFromSeq, unread, mentions }: ConversationSummary) {
  const members = (conversation.members ?? []).map((member) => `${member.userId} ${member.role}`).sort();
  return { title: conversation.title, members, role, lastSeq, visibleFromSeq, unread, mentions };
}

function expectedOutline({ id }: Person, { readSeq }: ConversationSummary, story: Story): ReturnType<typeof outlineOf> {
  return {
    title: story.title,
    members: [...story.roles].map(([userId, role]) => `${userId} ${role}`).sort(),
    role: story.roles.get(id)!,
    lastSeq: story.lastSeq,
    visibleFromSeq: story.visibleFrom(id)!,
    ...story.countsOf(id, readSeq),
  };
}
