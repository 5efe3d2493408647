import type { ConversationView, MessageView } from '@parley/contracts';
import { toLine } from '../timeline/describe-message.js';
import { useName } from '../shared/people.js';

export interface LastMessageProps {
  message: MessageView | null;
  conversation: ConversationView;
  ownId: string;
}

/** What was said last, and in a group by whom. */
export function LastMessage({ message, conversation, ownId }: LastMessageProps) {
  if (message === null) return <>No messages yet</>;
  const nameOf = (userId: string): string =>
    conversation.members?.find((member) => member.userId === userId)?.displayName ?? 'Somebody';
  if (message.kind === 'system') return <>{toLine(message, nameOf)}</>;
  const text = toLine(message, nameOf);
  if (message.senderId === ownId) return <>You: {text}</>;
  if (conversation.kind === 'direct') return <>{text}</>;
  return (
    <>
      <Sender userId={message.senderId} known={nameOf(message.senderId)} />: {text}
    </>
  );
}

/** In a large group the members are not at hand. */
function Sender({ userId, known }: { userId: string; known: string }) {
  return known === 'Somebody' ? <NameById userId={userId} /> : <bdi>{known}</bdi>;
}

function NameById({ userId }: { userId: string }) {
  return <bdi>{useName(userId)}</bdi>;
}
