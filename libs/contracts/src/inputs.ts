import type { PresenceState, Role } from './views.js';

/** What a client sends. The server validates each against {@link LIMITS} and knows no other fields. */

/**
 * How a refresh token travels: `body`, in the answer, for whoever can keep a secret; `cookie`, which a
 * browser keeps and sends by itself, out of the reach of every script of the page.
 */
export type RefreshTokenIn = 'body' | 'cookie';

export interface Register {
  username: string;
  password: string;
  displayName?: string;
  /** `body` unless given. With `cookie` the answer is a `CookieAuthView`. */
  refreshTokenIn?: RefreshTokenIn;
}

export interface Login {
  username: string;
  password: string;
  /** `body` unless given. With `cookie` the answer is a `CookieAuthView`. */
  refreshTokenIn?: RefreshTokenIn;
}

export interface Refresh {
  /** Left out by a browser: then the one in the cookie counts, and the answer is a `CookieAuthView`. */
  refreshToken?: string;
}

export interface ChangePassword {
  currentPassword: string;
  newPassword: string;
}

/** What is not named stays; at least one is named. */
export interface UpdateProfile {
  displayName?: string;
  /** False hides from others how far one has read. */
  readReceipts?: boolean;
}

/** Exactly one id for `direct`; for `group`, the other people (its creator becomes owner). */
export interface CreateConversation {
  kind: 'direct' | 'group';
  title?: string;
  memberIds: string[];
}

export interface RenameConversation {
  title: string;
}

export interface AddMembers {
  userIds: string[];
}

/** Giving `owner` hands ownership over: the giver becomes admin. */
export interface ChangeRole {
  role: Role;
}

export interface UpdateConversationSettings {
  /** An ISO time, or null to unmute. */
  mutedUntil?: string | null;
  pinned?: boolean;
  archived?: boolean;
}

export interface SendMessage {
  /** A UUID made before the first try and kept for every retry. */
  clientId: string;
  body: string;
  /** The `seq` of the message it answers. */
  replyTo?: number;
}

export interface EditMessage {
  body: string;
  /** The version that was edited: when the message has another by now, the edit is refused. */
  version?: number;
}

export interface DeleteMessage {
  /** The version that was seen: when the message has another by now, the deletion is refused. */
  version?: number;
}

export interface React {
  /** One emoji, as people see it: one grapheme. */
  emoji: string;
}

/** Everything up to this number has been read. */
export interface MarkRead {
  seq: number;
}

/** Everything up to this number has reached a device of this person. */
export interface MarkDelivered {
  seq: number;
}

/** What a client has, to be told what it has not. */
export interface SyncRequest {
  /** The epoch of the cursors; null or left out when there are none. */
  epoch?: string | null;
  /** By conversation: the latest number that the client knows. */
  cursors: Record<string, number>;
}

/** At most one of the three positions. */
export interface HistoryQuery {
  before?: number;
  after?: number;
  around?: number;
  limit?: number;
}

export interface WatchPresence {
  userIds: string[];
}

export interface SetPresence {
  state: Exclude<PresenceState, 'offline'>;
}

export interface RefreshSocketToken {
  accessToken: string;
}
