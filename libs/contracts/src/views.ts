/**
 * What the server shows. Ids are UUIDs, times are ISO 8601 strings in UTC, numbers stay below 2^53.
 *
 * A view that is broadcast is the same for every viewer. What depends on the viewer (unread, mute,
 * pin) is in {@link ConversationSummary}, which goes to one person only.
 */

export type Role = 'owner' | 'admin' | 'member';
export type ConversationKind = 'direct' | 'group';
export type MessageKind = 'text' | 'system';

/** A person as everybody may see them. */
export interface UserView {
  id: string;
  username: string;
  displayName: string;
  createdAt: string;
}

/** One's own profile. */
export interface ProfileView extends UserView {
  /** Whether others are told how far one has read. */
  readReceipts: boolean;
  updatedAt: string;
}

/** The answer to register, login and refresh where the refresh token is in the cookie: it says nothing of it. */
export interface CookieAuthView {
  user: ProfileView;
  accessToken: string;
  /** Seconds until `accessToken` expires. */
  expiresIn: number;
}

/** The answer to register, login and refresh where the refresh token is in the body. */
export interface AuthView extends CookieAuthView {
  /** Good for one use; the next refresh returns its successor. */
  refreshToken: string;
}

export interface SessionView {
  id: string;
  /** Whether this is the session that asks. */
  current: boolean;
  userAgent: string | null;
  ip: string | null;
  createdAt: string;
  lastUsedAt: string;
}

export interface MemberView {
  userId: string;
  username: string;
  displayName: string;
  role: Role;
  /** The number of the change with which this person joined; 0 in a direct conversation. */
  joinedSeq: number;
}

export interface ConversationView {
  id: string;
  kind: ConversationKind;
  /** Null in a direct conversation. */
  title: string | null;
  createdBy: string;
  createdAt: string;
  memberCount: number;
  /** Grows by one with every change of members or roles. */
  memberVersion: number;
  /** Owners first, then by the time of joining. Null above `membersInlineMax`: ask for the list. */
  members: MemberView[] | null;
}

/** One kind of reaction to a message. Kinds and people stand in the order in which they came. */
export interface ReactionView {
  emoji: string;
  count: number;
  userIds: string[];
}

/** What a system message tells. `userIds` are the people concerned; the actor is `senderId`. */
export type SystemEvent =
  | { event: 'group_created'; title: string; userIds: string[] }
  | { event: 'title_changed'; title: string }
  | { event: 'members_added'; userIds: string[] }
  | { event: 'member_removed'; userIds: string[] }
  | { event: 'member_left'; userIds: string[] }
  | { event: 'role_changed'; userIds: string[]; role: Exclude<Role, 'owner'> }
  /** The actor was the owner and is an admin now; the one person in `userIds` is the owner. */
  | { event: 'ownership_transferred'; userIds: string[] };

/** A message is addressed by its conversation and its `seq`; it has no other id. */
export interface MessageView {
  conversationId: string;
  /** Its place in the conversation: gapless, the same for everybody, never reused. */
  seq: number;
  senderId: string;
  /** The id its sender made before the first try; null for system messages. */
  clientId: string | null;
  kind: MessageKind;
  /** Null when the message is deleted or is a system message. */
  body: string | null;
  /** What a system message tells; null for texts. */
  data: SystemEvent | null;
  /** The `seq` of the message it answers. */
  replyTo: number | null;
  /** Ids of the members whom it mentions by name, in the order of their ids. */
  mentions: string[];
  /** Whether it mentions everybody (`@all` by somebody who may). */
  mentionsAll: boolean;
  reactions: ReactionView[];
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  /** The number that the latest change of this message took; null when it was never changed. */
  changedSeq: number | null;
  /** 1 when sent, one more with every edit and with the deletion. Reactions do not count. */
  version: number;
}

/** The answer to a send. `duplicate` is true when this `clientId` had been sent before. */
export interface SentMessageView extends MessageView {
  duplicate: boolean;
}

/** One's own settings of a conversation. */
export interface ConversationSettingsView {
  mutedUntil: string | null;
  pinned: boolean;
  archived: boolean;
}

/** How far a member has got. Positions only grow. */
export interface ReceiptView {
  userId: string;
  /** Null when this person does not tell how far they have read; never null for oneself. */
  readSeq: number | null;
  deliveredSeq: number;
}

/** A conversation as one of its members sees it in their list. */
export interface ConversationSummary {
  conversation: ConversationView;
  role: Role;
  /** The latest number of the conversation. */
  lastSeq: number;
  /** History before this number is not shown to this member. */
  visibleFromSeq: number;
  readSeq: number;
  /** Messages of others after `readSeq`, without system and deleted ones; 100 means "99+". */
  unread: number;
  /** Those among them that mention this person. */
  mentions: number;
  lastMessage: MessageView | null;
  lastActivityAt: string;
  /** How far each member has got, oneself too. Null above `membersInlineMax`: ask for the list. */
  receipts: ReceiptView[] | null;
  settings: ConversationSettingsView;
}

export type PresenceState = 'active' | 'away' | 'offline';

export interface PresenceView {
  userId: string;
  state: PresenceState;
  /** When this person was last connected; null while online, and for someone who never was. */
  lastSeenAt: string | null;
}

/** A page of a list. `nextCursor` is opaque, and null at the end. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A page of history: `items` in ascending `seq`. May hold fewer than `limit` and not be the last. */
export interface MessagePage {
  items: MessageView[];
  /** Ask for `before=` this for the older page; null at the beginning. */
  before: number | null;
  /** Ask for `after=` this for the newer page; null at the head. */
  after: number | null;
}

/**
 * What somebody missed in one conversation.
 *
 * `delta`: the messages that were sent or changed with `from < number <= to`, as they are now, in
 * ascending `seq`; afterwards the client's position is `to`.
 * `reset`: forget what you have of this conversation; these are its latest messages, in ascending
 * `seq`, and the position is `head`.
 */
export type SyncUpdate =
  | { conversationId: string; kind: 'delta'; from: number; to: number; messages: MessageView[] }
  | { conversationId: string; kind: 'reset'; head: number; messages: MessageView[]; hasMoreBefore: boolean };

/** Everything in it is as it was at one moment. */
export interface SyncReply {
  epoch: string;
  /** The first page of one's list, and every conversation of `updates` that is not on it. */
  conversations: ConversationSummary[];
  /** Where `GET /conversations` goes on after the first page; null at the end. */
  nextCursor: string | null;
  updates: SyncUpdate[];
  /** Those of the cursors that one does not belong to. */
  removed: string[];
  /** Whether there is more than one answer holds: take this one in, then ask again. */
  more: boolean;
}

export interface HealthView {
  status: 'ok' | 'starting' | 'draining' | 'unavailable';
}
