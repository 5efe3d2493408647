import type { ConversationSummary, MessagePage, MessageView } from '@parley/contracts';
import { fromSummary } from './conversation-state.js';
import { ConversationStates } from './conversation-states.js';
import { Conversation, type ConversationParts } from './conversation.js';
import { Outbox } from './outbox.js';
import { memoryStorage } from './storage.js';
import { Typing } from './typing.js';

const TEA = 'tea';

const messageAt = (seq: number): MessageView =>
  ({
    conversationId: TEA,
    seq,
    senderId: 'ben',
    clientId: `client-${seq}`,
    kind: 'text',
    changedSeq: null,
  }) as MessageView;

const pageAt = (seq: number): MessagePage => ({ items: [messageAt(seq)], before: seq - 1, after: seq + 1 });

describe('a conversation', () => {
  it('shows the page of the latest jump, in whatever order the answers come', async () => {
    const answers = new Map<number, (page: MessagePage) => void>();
    const get = (_path: string, { around }: { around: number }): Promise<MessagePage> =>
      new Promise((resolve) => answers.set(around, resolve));
    const states = new ConversationStates();
    const summary = { conversation: { id: TEA }, lastSeq: 200, visibleFromSeq: 1, lastMessage: messageAt(200) };
    states.set(TEA, fromSummary('ada', summary as ConversationSummary));
    const parts = {
      http: { get },
      states,
      outbox: new Outbox({
        storage: memoryStorage(),
        send: () => Promise.reject(new Error()),
        onSent: () => undefined,
      }),
      typing: new Typing(() => Promise.resolve()),
      engine: { repair: () => undefined },
    };
    const tea = new Conversation(TEA, parts as unknown as ConversationParts);
    const jumps = [tea.jumpTo(20), tea.jumpTo(150)];
    answers.get(150)?.(pageAt(150));
    await jumps[1];
    answers.get(20)?.(pageAt(20));
    await jumps[0];
    const { messages, isLoading } = tea.timeline.getSnapshot();
    expect(messages).toMatchObject([{ seq: 150 }]);
    expect(isLoading).toBe(false);
  });
});
