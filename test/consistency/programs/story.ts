import type { MessageView, Role } from '@parley/contracts';

/** A time of belonging to a conversation, in its numbers; both are included. */
export interface Membership {
  userId: string;
  from: number;
  /** Null as long as it lasts. */
  to: number | null;
}

/** The people of a conversation by their usernames, and those who are in it without having been added. */
export interface Cast {
  ids: ReadonlyMap<string, string>;
  founders: readonly string[];
}

/**
 * What a conversation's history tells of it, read by nothing but the rules of the protocol: who belonged to
 * it from when to when and as what, what it is called, and whom each text mentions. It is the model that
 * the server's other answers are compared with.
 */
export class Story {
  readonly memberships: Membership[] = [];
  readonly roles = new Map<string, Role>();
  title: string | null = null;
  /** What the history says that cannot be. */
  readonly oddities: string[] = [];

  constructor(
    readonly history: readonly MessageView[],
    private readonly cast: Cast,
  ) {
    for (const userId of cast.founders) this.join(userId, 'member', 0);
    for (const message of history) this.read(message);
  }

  get lastSeq(): number {
    return this.history.reduce((last, { seq, changedSeq }) => Math.max(last, seq, changedSeq ?? 0), 0);
  }

  /** When somebody began to belong to it this time; null when they do not. */
  visibleFrom(userId: string): number | null {
    return this.memberships.find((membership) => membership.userId === userId && membership.to === null)?.from ?? null;
  }

  /** Whether somebody who belonged to it from `message` to `change` may know of that change of that message. */
  mayKnow(userId: string, message: number, change = message): boolean {
    return this.memberships.some(
      ({ userId: member, from, to }) => member === userId && from <= message && change <= (to ?? Infinity),
    );
  }

  /** What somebody may read now. */
  visibleTo(userId: string): MessageView[] {
    const from = this.visibleFrom(userId);
    return from === null ? [] : this.history.filter(({ seq }) => seq >= from);
  }

  /** What somebody who has read up to `readSeq` has not read, and what of it mentions them. */
  countsOf(userId: string, readSeq: number): { unread: number; mentions: number } {
    const unread = this.visibleTo(userId).filter(
      ({ seq, senderId, kind, deletedAt }) =>
        seq > readSeq && senderId !== userId && kind === 'text' && deletedAt === null,
    );
    const mentions = unread.filter((message) => message.mentionsAll || message.mentions.includes(userId));
    return { unread: unread.length, mentions: mentions.length };
  }

  private read(message: MessageView): void {
    if (message.kind === 'system') this.readSystem(message);
    else if (message.version === 1) this.checkMentions(message);
  }

  private readSystem({ seq, senderId, data }: MessageView): void {
    switch (data?.event) {
      case 'group_created':
        this.join(senderId, 'owner', seq);
        for (const userId of data.userIds) this.join(userId, 'member', seq);
        this.title = data.title;
        break;
      case 'members_added':
        for (const userId of data.userIds) this.join(userId, 'member', seq);
        break;
      case 'member_left':
      case 'member_removed':
        for (const userId of data.userIds) this.leave(userId, seq);
        break;
      case 'title_changed':
        this.title = data.title;
        break;
      case 'role_changed':
        for (const userId of data.userIds) this.roles.set(userId, data.role);
        break;
      case 'ownership_transferred':
        this.roles.set(senderId, 'admin');
        for (const userId of data.userIds) this.roles.set(userId, 'owner');
        break;
      case undefined:
        this.oddities.push(`${seq} is a system message that tells nothing`);
    }
  }

  private join(userId: string, role: Role, seq: number): void {
    if (this.roles.has(userId)) this.oddities.push(`${seq} adds somebody who is there`);
    this.roles.set(userId, role);
    this.memberships.push({ userId, from: seq, to: null });
  }

  private leave(userId: string, seq: number): void {
    const current = this.memberships.find((membership) => membership.userId === userId && membership.to === null);
    if (current === undefined) this.oddities.push(`${seq} lets somebody go who is not there`);
    else current.to = seq;
    this.roles.delete(userId);
  }

  /** A text as it was sent mentions the members whom it names, at the moment in which it got its number. */
  private checkMentions({ seq, senderId, body, mentions, mentionsAll }: MessageView): void {
    const name = /@(\S+)$/.exec(body ?? '')?.[1];
    const role = this.roles.get(senderId);
    const named = name === undefined ? undefined : this.cast.ids.get(name);
    const expected = named !== undefined && named !== senderId && this.roles.has(named) ? [named] : [];
    const expectsAll = name === 'all' && (role === 'owner' || role === 'admin');
    if (role === undefined) this.oddities.push(`${seq} was sent by somebody who is not there`);
    if (mentions.join() !== expected.join() || mentionsAll !== expectsAll) {
      this.oddities.push(`${seq}, "${body}", mentions ${mentionsAll ? 'everybody' : mentions.join()}`);
    }
  }
}
