import type {
  ConversationSettingsView,
  ConversationSummary,
  ConversationView,
  MemberView,
  ReceiptView,
  UserView,
} from '@parley/contracts';
import type { ConversationRow, MemberPosition, MemberRow, SummaryRow } from './conversations.queries.js';
import { toMessageView } from './timeline.access.js';

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

/** A member's positions as `viewerId` may see them: `hidden` are the people who do not tell what they read. */
export function toReceiptView(
  row: MemberPosition & { userId: string },
  viewerId: string,
  hidden: ReadonlySet<string>,
): ReceiptView {
  const shown = row.userId === viewerId || !hidden.has(row.userId);
  return { userId: row.userId, readSeq: shown ? row.readSeq : null, deliveredSeq: row.deliveredSeq };
}

/** For one person alone. */
export function toSummary(
  row: SummaryRow,
  conversation: ConversationView,
  receipts: ReceiptView[] | null,
): ConversationSummary {
  return {
    conversation,
    role: row.role,
    lastSeq: row.lastSeq,
    visibleFromSeq: row.visibleFromSeq,
    readSeq: row.readSeq,
    unread: row.unread,
    mentions: row.mentions,
    lastMessage: row.seq === null ? null : toMessageView(row),
    lastActivityAt: row.lastActivityAt.toISOString(),
    receipts,
    settings: toSettingsView(row),
  };
}
