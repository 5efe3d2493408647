import type { Conversation } from '../people/population.js';
import type { ChatClient } from './chat-client.js';

/** Somebody who sends, and where to. */
export interface Sender {
  client: ChatClient;
  conversation: Conversation;
}

/** Sends until it is stopped. What is open then is still answered. */
export interface Loop {
  stop(): void;
}

/** Lets a loop run for as long as `work` takes, also when that fails. */
export async function during<T>(loop: Loop, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    loop.stop();
  }
}

/** Each sender keeps so many sends open: whenever one is answered, the next goes out. */
export function closedLoop(senders: readonly Sender[], open: number): Loop {
  let running = true;
  for (const { client, conversation } of senders) {
    client.onAnswered = () => {
      if (running) client.send(conversation);
    };
    for (let count = 0; count < open; count += 1) client.send(conversation);
  }
  return {
    stop: () => {
      running = false;
      for (const { client } of senders) client.onAnswered = null;
    },
  };
}

/**
 * Sends at a fixed rate, by turns, whether or not anything is answered: a server that falls behind is not
 * spared. The finest pace of a timer is a millisecond, so what falls due within one goes out together.
 */
export function openLoop(perSecond: number, sendNext: () => void): Loop {
  const begin = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begin) * perSecond) / 1_000);
    for (; sent < due; sent += 1) sendNext();
  }, 1);
  return { stop: () => clearInterval(timer) };
}

/** For {@link openLoop}: everybody has their turn, again and again. */
export function byTurns(senders: readonly Sender[]): () => void {
  let turn = 0;
  return () => {
    const sender = senders[turn % senders.length];
    turn += 1;
    sender?.client.send(sender.conversation);
  };
}
