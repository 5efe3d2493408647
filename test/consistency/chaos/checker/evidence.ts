import type { ConversationKind } from '@parley/contracts';
import type { TimedEvent } from '../history/history-event.js';
import type { Message } from '../history/message.js';

/** A conversation as the database has it at the end. */
export interface StoredConversation {
  id: string;
  kind: ConversationKind;
  lastSeq: number;
  /** Ascending by `seq`; every row, also those that should not be there. */
  messages: readonly Message[];
  members: readonly StoredMember[];
}

export interface StoredMember {
  userId: string;
  joinedSeq: number;
  visibleFromSeq: number;
  leftSeq: number | null;
  readSeq: number;
}

/** What a client shows of a conversation at the end. */
export interface ShownConversation {
  conversationId: string;
  messages: readonly Message[];
  /** Null for clients that keep no counts. */
  counts: { unread: number; readSeq: number } | null;
}

/** A client at the end, when everything has healed and it has caught up. */
export interface ShownState {
  client: string;
  userId: string;
  conversations: readonly ShownConversation[];
}

/** A server process that ended. */
export interface ProcessExit {
  node: string;
  code: number | null;
  signal: string | null;
  /** How the fault wanted it to end; null when no fault did. */
  injected: 'SIGKILL' | 'SIGTERM' | null;
}

/** What a process held at a time; null where the system does not tell. */
export interface Resources {
  descriptors: number | null;
  residentMegabytes: number | null;
}

export interface ProcessesSeen {
  exits: readonly ProcessExit[];
  /** Lines of the servers' logs that no fault explains. */
  alarms: readonly string[];
  /** Before and after the traffic, by node. */
  resources: readonly { node: string; before: Resources; after: Resources }[];
  /** Rejections and exceptions that nobody caught in the process of the clients. */
  unhandled: readonly string[];
}

/** All that the checker judges by. */
export interface Evidence {
  history: readonly TimedEvent[];
  conversations: readonly StoredConversation[];
  clients: readonly ShownState[];
  processes: ProcessesSeen;
}
