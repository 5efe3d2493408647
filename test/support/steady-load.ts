import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessagePage, MessageView, SentMessageView } from '@parley/contracts';
import type { Person } from './people.js';

/** A message whose sender got an ok. */
export interface Acknowledged {
  senderId: string;
  clientId: string;
  body: string;
  seq: number;
}

/**
 * People who write one message after the other, and repeat each with the same client id until it is
 * acknowledged, whatever becomes of the server meanwhile.
 */
export class SteadyLoad {
  readonly acknowledged: Acknowledged[] = [];
  private stopping = false;
  private readonly writers: Promise<void>[];

  constructor(
    private readonly conversationId: string,
    senders: readonly Person[],
  ) {
    this.writers = senders.map((sender) => this.write(sender));
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

  private async write(sender: Person): Promise<void> {
    for (let count = 1; !this.stopping; count += 1) {
      const message = { clientId: randomUUID(), body: `${sender.displayName} ${count}` };
      const seq = await this.persist(sender, message);
      this.acknowledged.push({ senderId: sender.id, seq, ...message });
    }
  }

  private async persist(sender: Person, message: { clientId: string; body: string }): Promise<number> {
    for (;;) {
      const answer = await sender.rest
        .post<SentMessageView>(`/conversations/${this.conversationId}/messages`, message)
        .catch(() => null);
      if (answer !== null && answer.status < 300) return answer.body.seq;
      if (answer !== null && answer.status < 500) throw new Error(`Refused: ${JSON.stringify(answer.body)}`);
      await pause(20);
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
