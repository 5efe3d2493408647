import { Accounts1764000000000 } from './migrations/1764000000000-accounts.js';
import { Conversations1764000001000 } from './migrations/1764000001000-conversations.js';
import { Messages1764000002000 } from './migrations/1764000002000-messages.js';
import { OutboxAndMeta1764000003000 } from './migrations/1764000003000-outbox-and-meta.js';
import { Presence1764000004000 } from './migrations/1764000004000-presence.js';
import { AppendMessages1764000005000 } from './migrations/1764000005000-append-messages.js';
import { MessageState1764000006000 } from './migrations/1764000006000-message-state.js';
import { AppendMentions1764000007000 } from './migrations/1764000007000-append-mentions.js';
import { AppendLockTimeout1764000008000 } from './migrations/1764000008000-append-lock-timeout.js';
import { ReadReceiptsVersion1764000009000 } from './migrations/1764000009000-read-receipts-version.js';
import { NoTextStatistics1764000010000 } from './migrations/1764000010000-no-text-statistics.js';

/** In the order in which they run. */
export const MIGRATIONS = [
  Accounts1764000000000,
  Conversations1764000001000,
  Messages1764000002000,
  OutboxAndMeta1764000003000,
  Presence1764000004000,
  AppendMessages1764000005000,
  MessageState1764000006000,
  AppendMentions1764000007000,
  AppendLockTimeout1764000008000,
  ReadReceiptsVersion1764000009000,
  NoTextStatistics1764000010000,
];
