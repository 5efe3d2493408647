import { setTimeout as pause } from 'node:timers/promises';
import type { Conversation, ParleyClient } from '@parley/client';
import type { MessagePage, MessageView } from '@parley/contracts';
import { until } from './clients.js';
import type { Person } from './people.js';

/** A message whose sender got an ok. */
export interface Acknowledged {
  senderId: string;
  clientId: string;
  body: string;
  seq: number;
}

/**
 * People with clients, who write one message after the other and leave it to the client to get each of
 * them stored, whatever becomes of the server meanwhile.
 */
export class SteadyLoad {
  readonly acknowledged: Acknowledged[] = [];
  private stopping = false;
  private readonly conversations: Conversation[];
  private readonly writers: Promise<void>[];

  constructor(conversationId: string, clients: readonly ParleyClient[]) {
    this.conversations = clients.map((client) => client.conversation(conversationId));
    this.writers = this.conversations.map((conversation, index) => this.write(conversation, index));
  }

  /** Resolves when this many more messages have been acknowledged. */
  async progress(count: number, withinMs = 30_000): Promise<void> {
    const target = this.acknowledged.length + count;
    const deadline = performance.now() + withinMs;
    while (this.acknowledged.length < target) {
      if (performance.now() > deadline) throw new Error(`${this.acknowledged.length} of ${target} acknowledged`);
      await pause(5);
    }
  }

  /** Lets everybody finish the message they are at. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.writers);
  }

  /** Every client shows the whole history, in the end. */
  async expectInStep(history: readonly MessageView[]): Promise<void> {
    const seqs = history.map(({ seq }) => seq);
    for (const conversation of this.conversations) {
      const { timeline } = conversation;
      while (timeline.getSnapshot().hasOlder) await conversation.loadOlder();
      await until(
        timeline,
        ({ messages }) => messages.at(-1)?.status === 'sent' && messages.length >= history.length,
        20_000,
      );
      expect(timeline.getSnapshot().messages.map((message) => message.status === 'sent' && message.seq)).toEqual(seqs);
    }
  }

  private async write(conversation: Conversation, writer: number): Promise<void> {
    for (let count = 1; !this.stopping; count += 1) {
      const body = `${writer}: ${count}`;
      const { senderId, clientId, seq } = await conversation.send(body).sent;
      this.acknowledged.push({ senderId, clientId: clientId ?? '', seq, body });
    }
  }
}

/** The whole history as one of its members reads it. */
export async function historyOf(reader: Person, conversationId: string): Promise<MessageView[]> {
  const pageAfter = async (after: number): Promise<MessagePage> => {
    const path = `/conversations/${conversationId}/messages?after=${after}&limit=100`;
    const { status, body } = await reader.rest.get<MessagePage>(path);
    if (status !== 200) throw new Error(`No history: ${JSON.stringify(body)}`);
    return body;
  };
  const messages: MessageView[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page: MessagePage = await pageAfter(after);
    messages.push(...page.items);
    after = page.after;
  }
  return messages;
}

/** Every acknowledged message is there once, at the number it was given, without gaps, in its sender's order. */
export function expectNothingLost(history: readonly MessageView[], acknowledged: readonly Acknowledged[]): void {
  expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
  const texts = history.filter(({ kind }) => kind === 'text');
  const toText = ({ senderId, clientId, body, seq }: Acknowledged | MessageView) =>
    `${seq} ${senderId} ${clientId} ${body}`;
  expect(texts.map(toText)).toEqual([...acknowledged].sort((a, b) => a.seq - b.seq).map(toText));
}
