import type {
  ConversationSettingsView,
  ConversationSummary,
  ConversationView,
  MemberView,
  MessageView,
  UserView,
} from '@parley/contracts';
import type { ConversationRow, MemberRow, SummaryRow } from './conversations.queries.js';

/** The one place that turns rows of conversations and members into what is shown. Pure. */

type Names = ReadonlyMap<string, Pick<UserView, 'username' | 'displayName'>>;

export function toMemberView(row: MemberRow, names: Names): MemberView {
  const name = names.get(row.userId);
  if (name === undefined) throw new Error(`Member ${row.userId} is not among the users`);
  return {
    userId: row.userId,
    username: name.username,
    displayName: name.displayName,
    role: row.role,
    joinedSeq: row.joinedSeq,
  };
}

/** The same for every viewer: it is broadcast. */
export function toConversationView(row: ConversationRow, names: Names): ConversationView {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    memberCount: row.memberCount,
    memberVersion: row.memberVersion,
    members: row.members?.map((member) => toMemberView(member, names)) ?? null,
  };
}

export function toSettingsView(
  row: Pick<SummaryRow, 'mutedUntil' | 'pinnedAt' | 'archivedAt'>,
): ConversationSettingsView {
  return {
    mutedUntil: row.mutedUntil?.toISOString() ?? null,
    pinned: row.pinnedAt !== null,
    archived: row.archivedAt !== null,
  };
}

/** For one person alone. */
export function toSummary(
  row: SummaryRow,
  conversation: ConversationView,
  lastMessage: MessageView | null,
): ConversationSummary {
  return {
    conversation,
    role: row.role,
    lastSeq: row.lastSeq,
    visibleFromSeq: row.visibleFromSeq,
    readSeq: row.readSeq,
    unread: row.unread,
    mentions: row.mentions,
    lastMessage,
    lastActivityAt: row.lastActivityAt.toISOString(),
    settings: toSettingsView(row),
  };
}
