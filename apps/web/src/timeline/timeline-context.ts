import type { Conversation } from '@parley/client';
import type { ConversationKind, MessageView } from '@parley/contracts';
import { createContext, useContext } from 'react';

/** What the parts of a timeline need to know, and what they can ask for. It changes rarely. */
export interface TimelineContextValue {
  readonly conversation: Conversation;
  readonly kind: ConversationKind;
  readonly ownId: string;
  /** Whether this person may delete what others wrote. */
  readonly moderates: boolean;
  readonly reply: (message: MessageView) => void;
  readonly edit: (message: MessageView) => void;
  readonly askToDelete: (message: MessageView) => void;
  readonly goTo: (seq: number) => void;
}

export const TimelineContext = createContext<TimelineContextValue | null>(null);

export function useTimeline(): TimelineContextValue {
  const value = useContext(TimelineContext);
  if (value === null) throw new Error('This is a part of a timeline, and there is none around it');
  return value;
}
