import { CloseButton } from '@mantine/core';
import type { Conversation, TimelineSnapshot } from '@parley/client';
import type { ConversationSummary, MessageView } from '@parley/contracts';
import { PencilIcon, ReplyIcon } from '@primer/octicons-react';
import { useRef, useState } from 'react';
import { showError } from '../shared/errors.js';
import { useName } from '../shared/people.js';
import { toLine } from '../timeline/describe-message.js';
import { toTitle } from '../conversations/describe.js';
import { keepDraft, readDraft } from './drafts.js';
import { MessageInput } from './message-input.js';
import classes from './composer-area.module.css';

/** What is being written: something new, an answer, or another text for what was written. */
export type ComposerMode =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly message: MessageView }
  | { readonly kind: 'edit'; readonly message: MessageView };

export interface ComposerAreaProps {
  conversation: Conversation;
  summary: ConversationSummary;
  ownId: string;
  timeline: TimelineSnapshot;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
  onSent: () => void;
}

const NEW: ComposerMode = { kind: 'new' };

export function ComposerArea(props: ComposerAreaProps) {
  const { mode, onMode } = props;
  const cancel = (): void => onMode(NEW);
  return (
    <div className={classes.area}>
      {mode.kind === 'reply' && <ReplyBar message={mode.message} onCancel={cancel} />}
      {mode.kind === 'edit' && <EditBar onCancel={cancel} />}
      {mode.kind === 'edit' ? (
        <EditInput key={`edit ${mode.message.seq}`} {...props} message={mode.message} onDone={cancel} />
      ) : (
        <NewInput key="new" {...props} replyTo={mode.kind === 'reply' ? mode.message : null} onDone={cancel} />
      )}
    </div>
  );
}

/** Writes something new. What is written and not sent is kept as a draft. */
function NewInput(props: ComposerAreaProps & { replyTo: MessageView | null; onDone: () => void }) {
  const { conversation, summary, ownId, timeline, replyTo, onMode, onSent, onDone } = props;
  const [text, setText] = useState(() => readDraft(ownId, conversation.id));

  const change = (next: string): void => {
    setText(next);
    keepDraft(ownId, conversation.id, next);
    if (next.trim() === '') conversation.stopTyping();
    else conversation.startTyping();
  };
  const send = (): void => {
    conversation.send(text.trim(), { replyTo: replyTo?.seq ?? null });
    setText('');
    keepDraft(ownId, conversation.id, '');
    onDone();
    onSent();
  };
  const editLast = (): void => {
    const last = timeline.messages.findLast(
      (message) =>
        message.status === 'sent' &&
        message.senderId === ownId &&
        message.kind === 'text' &&
        message.deletedAt === null,
    );
    if (last?.status === 'sent') onMode({ kind: 'edit', message: last });
  };
  return (
    <MessageInput
      text={text}
      onChange={change}
      onSubmit={send}
      submitLabel="Send"
      placeholder={`Message ${toTitle(summary.conversation, ownId)}`}
      summary={summary}
      ownId={ownId}
      focusKey={replyTo?.seq ?? 0}
      onEscape={onDone}
      onArrowUp={editLast}
    />
  );
}

/** Gives a message another text. */
function EditInput(props: ComposerAreaProps & { message: MessageView; onDone: () => void }) {
  const { conversation, summary, ownId, message, onDone } = props;
  const [text, setText] = useState(message.body ?? '');
  const saving = useRef(false);

  const save = async (): Promise<void> => {
    const body = text.trim();
    if (saving.current) return;
    if (body === message.body) {
      onDone();
      return;
    }
    saving.current = true;
    try {
      await conversation.edit(message.seq, body, { version: message.version });
      onDone();
    } catch (error) {
      showError(error);
    } finally {
      saving.current = false;
    }
  };
  return (
    <MessageInput
      text={text}
      onChange={setText}
      onSubmit={() => void save()}
      submitLabel="Save"
      placeholder="Message"
      summary={summary}
      ownId={ownId}
      focusKey={message.seq}
      onEscape={onDone}
    />
  );
}

function ReplyBar({ message, onCancel }: { message: MessageView; onCancel: () => void }) {
  const name = useName(message.senderId);
  return (
    <div className={classes.bar}>
      <ReplyIcon className={classes.icon} />
      <span className={classes.about}>
        <span className={classes.strong}>Replying to {name}</span> <span dir="auto">{toLine(message, () => name)}</span>
      </span>
      <CloseButton size="sm" aria-label="Cancel reply" onClick={onCancel} />
    </div>
  );
}

function EditBar({ onCancel }: { onCancel: () => void }) {
  return (
    <div className={classes.bar}>
      <PencilIcon className={classes.icon} />
      <span className={classes.about}>
        <span className={classes.strong}>Editing message</span>
      </span>
      <CloseButton size="sm" aria-label="Cancel edit" onClick={onCancel} />
    </div>
  );
}
