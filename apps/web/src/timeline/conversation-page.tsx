import type { ProfileView } from '@parley/contracts';
import { lazy, useEffect, useMemo, useState } from 'react';
import { toTitle } from '../conversations/describe.js';
import { ComposerArea, type ComposerMode } from '../composer/composer-area.js';
import { usePeopleOf } from '../members/use-people-of.js';
import { client } from '../session/client.js';
import { PeopleContext } from '../shared/people.js';
import { Lazily } from '../shared/lazily.js';
import { useStore, useStorePerFrame } from '../shared/use-store.js';
import { ConversationHeader } from './conversation-header.js';
import classes from './conversation-page.module.css';
import { ReceiptsContext } from './delivery-mark.js';
import { MessageList } from './message-list.js';
import { MissingConversation } from './missing-conversation.js';
import { TimelineContext, type TimelineContextValue } from './timeline-context.js';
import { TypingLine } from './typing-line.js';
import { useOpening } from './use-opening.js';

const DeleteMessage = lazy(async () => ({ default: (await import('./delete-message.js')).DeleteMessage }));

export interface ConversationPageProps {
  conversationId: string;
  /** The message that the address names. */
  seq: number | null;
  me: ProfileView;
}

/** One conversation: who it is with, what was said, and what one is about to say. */
export function ConversationPage({ conversationId, seq, me }: ConversationPageProps) {
  const conversation = client.conversation(conversationId);
  const summary = useStore(conversation.summary);
  const receipts = useStore(conversation.receipts);
  // NOTE: not deferred. What is deferred is drawn in slices, and virtua takes in new rows while it draws: a
  // scroll between two slices had it wait for another one, and rows before the first were never shown.
  const timeline = useStorePerFrame(conversation.timeline);
  const people = usePeopleOf(conversation, me);
  const opening = useOpening(conversation, summary, seq);
  const { goTo } = opening;
  const [mode, setMode] = useState<ComposerMode>({ kind: 'new' });
  const [deleting, setDeleting] = useState<number | null>(null);
  const kind = summary?.conversation.kind ?? 'direct';
  const moderates = kind === 'group' && summary !== null && summary.role !== 'member';

  const context = useMemo(
    (): TimelineContextValue => ({
      conversation,
      kind,
      ownId: me.id,
      moderates,
      reply: (message) => setMode({ kind: 'reply', message }),
      edit: (message) => setMode({ kind: 'edit', message }),
      askToDelete: (message) => setDeleting(message.seq),
      goTo,
    }),
    [conversation, kind, me.id, moderates, goTo],
  );
  const title = summary === null ? null : toTitle(summary.conversation, me.id);
  useEffect(() => () => conversation.stopTyping(), [conversation]);

  if (opening.isMissing) return <MissingConversation />;
  return (
    <PeopleContext value={people}>
      <ReceiptsContext value={receipts}>
        <TimelineContext value={context}>
          <section className={classes.page} aria-label={title ?? 'Conversation'}>
            <ConversationHeader conversation={conversation} summary={summary} me={me} />
            <MessageList
              timeline={timeline}
              readUpTo={opening.readUpTo}
              unread={summary?.unread ?? 0}
              target={opening.target}
              highlighted={opening.highlighted}
              onError={opening.noticeError}
              onJumpToLatest={opening.goToLatest}
            />
            <TypingLine typing={conversation.typing} ownId={me.id} />
            {summary !== null && (
              <ComposerArea
                conversation={conversation}
                summary={summary}
                ownId={me.id}
                timeline={timeline}
                mode={mode}
                onMode={setMode}
                onSent={opening.goToLatest}
              />
            )}
          </section>
          <Lazily when={deleting !== null}>
            {(isOpen) => (
              <DeleteMessage
                conversation={conversation}
                seq={isOpen ? deleting : null}
                onClose={() => setDeleting(null)}
              />
            )}
          </Lazily>
        </TimelineContext>
      </ReceiptsContext>
    </PeopleContext>
  );
}
