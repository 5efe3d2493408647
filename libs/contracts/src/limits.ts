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
  /** Milliseconds that a new connection has to authenticate. */
  authenticateWithinMs: 10_000,
  /** Messages in one page of history. */
  historyPageMax: 100,
  historyPageDefault: 50,
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
  /** `ConversationView.members` is null in conversations with more people than this. */
  membersInlineMax: 50,
} as const;

export type Limits = { readonly [K in keyof typeof LIMITS]: number };
