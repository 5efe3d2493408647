import { VisuallyHidden } from '@mantine/core';
import type { ProfileView } from '@parley/contracts';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { isMuted, toTitle } from '../conversations/describe.js';
import { toConversationPath } from '../shared/paths.js';
import { wantsNotifications } from '../shared/preferences.js';
import { toLine } from '../timeline/describe-message.js';
import type { Incoming } from './incoming.js';
import { notify } from './notify.js';
import { useIncoming } from './use-incoming.js';

/** A storm is not read out message by message. */
const WAIT_MS = 1_000;
const READ_OUT_MAX = 3;

/** Tells of new messages: to a screen reader in words, and by a notification when nobody is looking. */
export function Announcer({ me }: { me: ProfileView | null }) {
  const [words, setWords] = useState('');
  const waiting = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [, navigate] = useLocation();
  useEffect(() => () => clearTimeout(timer.current), []);

  const readOut = (): void => {
    timer.current = undefined;
    const lines = waiting.current.splice(0);
    setWords(lines.length > READ_OUT_MAX ? `${lines.length} new messages` : lines.join('. '));
  };

  useIncoming(me?.id ?? null, (incoming) => {
    if (me === null || isQuiet(incoming, me.id)) return;
    const { title, text } = describe(incoming, me.id);
    waiting.current.push(`${title}: ${text}`);
    timer.current ??= setTimeout(readOut, WAIT_MS);
    if (document.visibilityState === 'hidden' && wantsNotifications.getSnapshot()) {
      const { id } = incoming.summary.conversation;
      notify({ title, text, tag: id, onClick: () => navigate(toConversationPath(id)) });
    }
  });

  return (
    <VisuallyHidden aria-live="polite" data-testid="announcer">
      {words}
    </VisuallyHidden>
  );
}

/** Of a muted conversation one hears only when one is named. */
function isQuiet({ summary, message }: Incoming, ownId: string): boolean {
  return isMuted(summary) && !message.mentionsAll && !message.mentions.includes(ownId);
}

function describe({ summary, message }: Incoming, ownId: string): { title: string; text: string } {
  const { conversation } = summary;
  const nameOf = (userId: string): string =>
    conversation.members?.find((member) => member.userId === userId)?.displayName ?? 'Somebody';
  const sender = nameOf(message.senderId);
  const title = conversation.kind === 'direct' ? sender : `${sender}, ${toTitle(conversation, ownId)}`;
  return { title, text: toLine(message, nameOf) };
}
