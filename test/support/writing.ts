import { randomUUID } from 'node:crypto';
import type { SentMessageView } from '@parley/contracts';
import type { Person } from './people.js';

/** Sends these texts over REST, one after the other; their numbers. */
export async function write(author: Person, conversationId: string, ...texts: string[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const body of texts) {
    const input = { clientId: randomUUID(), body };
    const answer = await author.rest.post<SentMessageView>(`/conversations/${conversationId}/messages`, input);
    if (answer.status !== 201) throw new Error(`Not sent: ${answer.status} ${JSON.stringify(answer.body)}`);
    numbers.push(answer.body.seq);
  }
  return numbers;
}
