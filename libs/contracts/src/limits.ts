/**
 * The largest things that Parley accepts. A server sends the limits it enforces in `ready`; these
 * are the defaults.
 */
export const LIMITS = {
  /** Characters of a username: `A-Z a-z 0-9 _ . -`, compared case-insensitively. */
  usernameMin: 3,
  usernameMax: 30,
  displayNameMax: 80,
  /** Characters of a password, of any kind, after NFKC. */
  passwordMin: 8,
  passwordMax: 128,
  /** Characters (Unicode code points) of a message body, after NFC. */
  bodyMaxCharacters: 4_000,
  /** Bytes of a message body in UTF-8, after NFC. */
  bodyMaxBytes: 16 * 1024,
  titleMax: 100,
  /** People in one group. */
  groupMembersMax: 1_000,
  /** People who can be named in one request (creating a group, adding members). */
  memberIdsPerRequestMax: 100,
  /** Bytes of one REST body or of one Socket.IO packet. */
  payloadMaxBytes: 64 * 1024,
  /** Commands of one socket that wait for their ack at the same time. */
  commandsInFlightMax: 64,
  /** REST requests of one person that a node carries out at the same time, and that wait for their turn. */
  requestsAtWorkMax: 6,
  requestsWaitingMax: 64,
  /** Milliseconds that a new connection has to authenticate. */
  authenticateWithinMs: 10_000,
  /** Messages in one page of history. */
  historyPageMax: 100,
  historyPageDefault: 50,
  /** Bytes of the messages in one page of history, as JSON; one message is there in any case. */
  historyPageMaxBytes: 256 * 1024,
  /** Items in one page of any other list. */
  listPageMax: 100,
  listPageDefault: 50,
  searchQueryMax: 200,
  /** People whose presence one socket watches. */
  presenceWatchMax: 200,
  /** Milliseconds between two `typing:start` of one person in one conversation. */
  typingEveryMs: 3_000,
  /** Milliseconds after which a `typing:start` without a successor has ended. */
  typingExpiresMs: 6_000,
  /** Typing is not told in conversations with more people than this. */
  typingMembersMax: 100,
  /** Kinds of reaction to one message. */
  reactionKindsMax: 20,
  /** UTF-16 units of one emoji; families of many people are long. */
  emojiMaxLength: 64,
  /** People whom one message mentions by name; further names are plain text. */
  mentionsMax: 50,
  /** `receipt:changed` is told in conversations of up to this many people. */
  receiptsMembersMax: 200,
  /** Conversations that one `sync` asks about. */
  syncCursorsMax: 500,
  /** What one answer to `sync` holds at most: conversations in its list, and in its updates. */
  syncConversationsMax: 50,
  syncMessagesMax: 500,
  syncBytesMax: 256 * 1024,
  /** Numbers that a cursor may be behind to get a delta; further behind it gets a reset. */
  syncDeltaMax: 200,
  syncResetMessages: 30,
  /** `ConversationView.members` is null in conversations with more people than this. */
  membersInlineMax: 50,
} as const;

export type Limits = { readonly [K in keyof typeof LIMITS]: number };
