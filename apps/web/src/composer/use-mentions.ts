import type { ComboboxStore } from '@mantine/core';
import type { ConversationSummary } from '@parley/contracts';
import { useContext, useEffect, useMemo, useState, type RefObject } from 'react';
import { PeopleContext } from '../shared/people.js';
import { findCandidates, findMention, type Candidate, type OpenMention } from './find-mention.js';

export interface MentionsInput {
  input: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onChange: (text: string) => void;
  summary: ConversationSummary;
  ownId: string;
  combobox: ComboboxStore;
}

export interface Mentions {
  readonly isOpen: boolean;
  readonly candidates: readonly Candidate[];
  /** To be called when the text or the caret has moved. */
  readonly look: (input: HTMLTextAreaElement) => void;
  readonly choose: (username: string) => void;
  readonly close: () => void;
  /** Does not come back for the same `@`. */
  readonly dismiss: () => void;
}

const EVERYBODY: Candidate = { username: 'all', displayName: 'Everybody', userId: null };
const NOBODY: readonly Candidate[] = [];

/** Completes the name that is being typed after an `@`. */
export function useMentions({ input, text, onChange, summary, ownId, combobox }: MentionsInput): Mentions {
  const people = useContext(PeopleContext);
  const [open, setOpen] = useState<OpenMention | null>(null);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const all = useMemo(() => {
    const members = [...people].filter(([userId]) => userId !== ownId);
    const candidates = members.map(([userId, { username, displayName }]) => ({ userId, username, displayName }));
    const mayCallAll = summary.conversation.kind === 'group' && summary.role !== 'member';
    return mayCallAll ? [...candidates, EVERYBODY] : candidates;
  }, [people, ownId, summary.conversation.kind, summary.role]);
  const candidates = useMemo(() => (open === null ? NOBODY : findCandidates(all, open.query)), [all, open]);
  const isOpen = candidates.length > 0;

  // The first one is chosen by Enter, without a key before it.
  const { openDropdown, closeDropdown, selectFirstOption } = combobox;
  useEffect(() => {
    if (!isOpen) {
      closeDropdown();
      return;
    }
    openDropdown();
    const frame = requestAnimationFrame(() => selectFirstOption());
    return () => cancelAnimationFrame(frame);
    // NOTE: the functions of the store are new each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isOpen, candidates]);

  const close = (): void => setOpen(null);
  return {
    isOpen,
    candidates,
    close,
    dismiss: () => {
      setDismissed(open?.start ?? null);
      close();
    },
    look: (element) => {
      const { value, selectionStart, selectionEnd } = element;
      const found = selectionStart === selectionEnd ? findMention(value, selectionStart) : null;
      if (found === null) setDismissed(null);
      const next = found !== null && found.start === dismissed ? null : found;
      setOpen((before) => (before?.start === next?.start && before?.query === next?.query ? before : next));
    },
    choose: (username) => {
      if (open === null) return;
      const before = text.slice(0, open.start);
      const rest = text.slice(open.start + 1 + open.query.length).replace(/^ /, '');
      onChange(`${before}@${username} ${rest}`);
      close();
      const caret = open.start + username.length + 2;
      requestAnimationFrame(() => {
        input.current?.focus();
        input.current?.setSelectionRange(caret, caret);
      });
    },
  };
}
