import { Injectable, Logger } from '@nestjs/common';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import type { Connection } from './connection.js';
import { Rooms } from './rooms.js';

const PEOPLE_AT_ONCE = 50;

/**
 * Finds people whose sockets are missing from a conversation that they belong to, because the notice
 * of their joining was lost and nobody else of that conversation is on this node. Such a socket is
 * sent away to come back, which reads everything anew.
 *
 * Somebody counts as missing when two checks in a row say so: once may be a joining under way.
 */
@Injectable()
export class MembershipAudit {
  private readonly logger = new Logger(MembershipAudit.name);
  private round: Iterator<string, undefined> | null = null;
  /** Conversations that people were missing from at the last check. */
  private suspected = new Map<string, readonly string[]>();

  constructor(
    private readonly rooms: Rooms,
    private readonly conversations: ConversationsAccess,
  ) {}

  /** Checks the next few people, and again those of the last check who seemed to be missing. */
  async check(): Promise<void> {
    const before = this.suspected;
    this.suspected = new Map();
    for (const userId of new Set([...before.keys(), ...this.nextPeople()])) {
      const missingFrom = await this.findMissing(userId);
      const confirmed = missingFrom.filter((id) => before.get(userId)?.includes(id));
      for (const id of confirmed) this.sendAway(this.outside(userId, id));
      if (confirmed.length === 0 && missingFrom.length > 0) this.suspected.set(userId, missingFrom);
    }
  }

  private async findMissing(userId: string): Promise<string[]> {
    const memberships = (await this.conversations.listMemberships([userId])).get(userId) ?? [];
    return memberships.map(({ conversationId }) => conversationId).filter((id) => this.outside(userId, id).length > 0);
  }

  /** Those that are not in their rooms yet are not missing. */
  private outside(userId: string, conversationId: string): Connection[] {
    return this.rooms
      .outside(userId, conversationId)
      .map(({ data }) => data)
      .filter(({ ready }) => ready);
  }

  private sendAway(connections: readonly Connection[]): void {
    this.logger.warn('Sent somebody away to come back: the notice of their joining was missed');
    for (const connection of connections) connection.end('state_uncertain');
  }

  /** A round that has come to its end begins anew with the next check. */
  private nextPeople(): string[] {
    const people: string[] = [];
    const round = (this.round ??= this.rooms.users());
    while (people.length < PEOPLE_AT_ONCE) {
      const { value, done } = round.next();
      if (done === true) {
        this.round = null;
        break;
      }
      people.push(value);
    }
    return people;
  }
}
