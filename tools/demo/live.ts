import type { ParleyClient } from '@parley/client';
import type { ConversationSummary } from '@parley/contracts';
import type { Past } from './past.js';
import type { Name, Stage } from './stage.js';
import type { Teller } from './teller.js';

const TALK: readonly (readonly [who: 'mara' | 'jonas', text: string])[] = [
  ['mara', 'Jonas, how does the preview feel now?'],
  ['jonas', 'Quick. I reloaded it fifty times and could not make it hang.'],
  ['mara', 'And with two tabs?'],
  ['jonas', 'They agree with each other, also after I closed the laptop.'],
  ['mara', 'Then I tell the printers that the date stands.'],
  ['jonas', 'Tell them soon, they close at four.'],
  ['mara', 'Done. They send us the proofs tonight.'],
  ['jonas', 'I look at them first thing tomorrow.'],
];

const ANSWERS = [
  'Hello Robin, good that you are here!',
  'I see. Shall we talk about it at three?',
  'Noted. Try to edit that message, or react to one of ours.',
  'That arrived at once. Open a second window and look.',
];

const SECONDS_BETWEEN = 6;

/**
 * Mara and Jonas go on talking until the story is stopped, and answer whoever speaks to them.
 * `rounds` is how many messages they write; endless unless given.
 */
export async function talkOn(teller: Teller, stage: Stage, past: Past, rounds = Infinity): Promise<void> {
  const stops = (['mara', 'jonas'] as const).map((name) => answerVisitors(teller, stage, past, name));
  try {
    for (let turn = 0; turn < rounds; turn += 1) {
      const [who, text] = TALK[turn % TALK.length] ?? TALK[0] ?? ['mara', ''];
      const conversation = stage.client(who).conversation(past.launchId);
      conversation.markRead();
      conversation.startTyping();
      await teller.pause(SECONDS_BETWEEN / 2);
      const { seq } = await conversation.send(text).sent;
      await teller.does(who, `${text} (number ${seq})`);
      await teller.pause(SECONDS_BETWEEN / 2);
    }
  } finally {
    for (const stop of stops) stop();
  }
}

/** In “Launch week” Mara answers, elsewhere whoever is spoken to. Returns how to stop. */
function answerVisitors(teller: Teller, stage: Stage, { launchId }: Past, name: 'mara' | 'jonas'): () => void {
  const client = stage.client(name);
  const answered = new Map(lastNumbers(client));
  return client.conversations.subscribe(() => {
    for (const { conversation, lastMessage } of client.conversations.getSnapshot().items) {
      if (lastMessage === null || lastMessage.kind !== 'text') continue;
      const { seq, senderId, body } = lastMessage;
      const isNew = seq > (answered.get(conversation.id) ?? 0);
      answered.set(conversation.id, Math.max(seq, answered.get(conversation.id) ?? 0));
      const isVisitor = !isOfTheTeam(stage.nameOf(senderId));
      const isMine = name === 'mara' || conversation.id !== launchId;
      if (isNew && isVisitor && isMine && body !== null) void answer(teller, client, name, conversation.id, seq);
    }
  });
}

const lastNumbers = (client: ParleyClient): [string, number][] =>
  client.conversations
    .getSnapshot()
    .items.map(({ conversation, lastSeq }: ConversationSummary) => [conversation.id, lastSeq]);

const isOfTheTeam = (name: Name | undefined): boolean => name !== undefined && name !== 'robin';

async function answer(teller: Teller, client: ParleyClient, name: Name, id: string, seq: number): Promise<void> {
  const conversation = client.conversation(id);
  try {
    await teller.does('you', `wrote number ${seq}; ${name} reads it, reacts and answers`);
    conversation.markRead(seq);
    await conversation.react(seq, '👋');
    conversation.startTyping();
    await teller.pause(2);
    await conversation.send(ANSWERS[seq % ANSWERS.length] ?? '').sent;
  } catch {
    // NOTE: the demo was stopped meanwhile, or the visitor deleted what they wrote.
  }
}
