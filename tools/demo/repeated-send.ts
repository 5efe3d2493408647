import { randomUUID } from 'node:crypto';
import type { AuthView, SentMessageView } from '@parley/contracts';
import { PASSWORD, type Name } from './stage.js';

export interface Sent {
  status: number;
  seq: number;
  duplicate: boolean;
}

/** Sends one message twice over plain HTTP, as a client does that did not hear the first answer. */
export async function sendTwice(
  url: string,
  username: Name,
  conversationId: string,
  body: string,
): Promise<[Sent, Sent]> {
  const { answer } = await post(url, '/auth/login', { username, password: PASSWORD });
  const { accessToken } = answer as AuthView;
  const message = { clientId: randomUUID(), body };
  const send = async (): Promise<Sent> => {
    const path = `/conversations/${conversationId}/messages`;
    const { status, answer: sent } = await post(url, path, message, accessToken);
    const { seq, duplicate } = sent as SentMessageView;
    return { status, seq, duplicate };
  };
  return [await send(), await send()];
}

async function post(url: string, path: string, body: object, token = ''): Promise<{ status: number; answer: unknown }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return { status: response.status, answer };
}
