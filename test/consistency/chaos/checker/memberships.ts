import type { StoredConversation } from './evidence.js';

/** A time of belonging to a conversation, in its numbers; both ends are included. */
interface Membership {
  userId: string;
  from: number;
  /** Null as long as it lasts. */
  to: number | null;
}

/** Who belonged to a conversation from when to when, by nothing but what its system messages tell. */
export class Memberships {
  private readonly all: Membership[] = [];

  constructor(conversation: StoredConversation) {
    if (conversation.kind === 'direct') for (const { userId } of conversation.members) this.join(userId, 0);
    for (const { seq, senderId, data } of conversation.messages) {
      if (data?.event === 'group_created') this.join(senderId, seq);
      if (data?.event === 'group_created' || data?.event === 'members_added') {
        for (const userId of data.userIds) this.join(userId, seq);
      }
      if (data?.event === 'member_left' || data?.event === 'member_removed') {
        for (const userId of data.userIds) this.leave(userId, seq);
      }
    }
  }

  /** Since when somebody belongs to it this time; null when they do not. */
  since(userId: string): number | null {
    return this.all.find((membership) => membership.userId === userId && membership.to === null)?.from ?? null;
  }

  /** Whether somebody belonged to it all the time from one number to another. */
  covers(userId: string, from: number, to: number): boolean {
    return this.all.some(
      (membership) => membership.userId === userId && membership.from <= from && to <= (membership.to ?? Infinity),
    );
  }

  /** Whether somebody left it before this number, and has not come back. */
  endedBefore(userId: string, seq: number): boolean {
    return this.all.every((membership) => membership.userId !== userId || (membership.to ?? Infinity) < seq);
  }

  private join(userId: string, from: number): void {
    this.all.push({ userId, from, to: null });
  }

  private leave(userId: string, to: number): void {
    const current = this.all.find((membership) => membership.userId === userId && membership.to === null);
    if (current !== undefined) current.to = to;
  }
}
