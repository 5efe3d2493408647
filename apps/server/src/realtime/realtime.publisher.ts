import { Injectable } from '@nestjs/common';
import { TRACES } from '../common/tracing.js';
import type { Change, Fact, Position } from '../events/fact.js';
import { PresenceWatching } from './presence-watching.js';
import { RoomBroadcast } from './room-broadcast.js';
import { Rooms, roomsOf } from './rooms.js';

/**
 * Hands facts to the sockets of their audience. It reads who may know from the fact, and has no
 * switch over kinds: a new fact needs nothing here. (What a question under way would answer too is
 * passed on to whoever answers it.)
 *
 * Whoever joins by a change is in the room before its first fact, and whoever leaves by it is out
 * after its last: they see the change itself and nothing after it.
 */
@Injectable()
export class RealtimePublisher {
  constructor(
    private readonly rooms: Rooms,
    private readonly broadcast: RoomBroadcast,
    private readonly watching: PresenceWatching,
  ) {}

  /**
   * Publishes one change. With `members`, which the database has confirmed, nobody else enters the
   * room by it or is told that they did.
   */
  publish(change: Change, members?: ReadonlySet<string>): void {
    const span = TRACES.causeOf(change)?.begin('deliver');
    const position = change[0]?.position;
    let sockets = 0;
    if (position !== undefined) this.admit(position, members);
    for (const fact of change) {
      // A change that was missed shows the conversation as it is by now, which is not for those who left by it.
      if (fact.type === 'conversation:changed' && position?.left !== undefined) this.letGo(position, position.left);
      sockets += this.tell(members === undefined ? fact : confirmed(fact, members));
    }
    if (position?.left !== undefined) this.letGo(position, position.left);
    span?.end({ 'parley.facts': change.length, 'parley.sockets': sockets });
  }

  /** Lets these people in and tells them what is addressed to them, but not to the others again. */
  publishTo(userIds: ReadonlySet<string>, change: Change): void {
    const position = change[0]?.position;
    if (position !== undefined) this.admit(position, userIds);
    for (const fact of change) if ('userIds' in fact.audience) this.tell(addressedTo(fact, userIds));
  }

  private admit({ conversationId, joined = [] }: Position, members?: ReadonlySet<string>): void {
    for (const userId of joined) {
      if (members === undefined || members.has(userId)) this.rooms.admit(userId, conversationId);
    }
  }

  private letGo({ conversationId, seq }: Position, left: readonly string[]): void {
    for (const userId of left) this.rooms.evict(userId, conversationId, seq);
    this.watching.recheck(left);
  }

  /** Returns how many sockets it was written to. */
  private tell(fact: Fact): number {
    if (fact.unwatches !== undefined) return this.tellWatchers(fact, fact.unwatches);
    const written = this.broadcast.emit(roomsOf(fact.audience), fact.type, fact.payload);
    if (fact.type === 'presence:changed') this.watching.hear(fact.payload);
    if (fact.closes === undefined) return written;
    for (const { data: connection } of this.rooms.reachedBy(fact.audience)) connection.close();
    return written;
  }

  /** To somebody who does not watch, the fact would betray that there is something to hide. */
  private tellWatchers(fact: Fact, watchedId: string): number {
    const watchers = this.rooms.reachedBy(fact.audience).filter(({ data }) => data.watched?.has(watchedId) === true);
    const written = this.broadcast.emit(
      watchers.map((socket) => socket.id),
      fact.type,
      fact.payload,
    );
    this.watching.hide(
      watchers.map(({ data }) => data),
      watchedId,
    );
    return written;
  }
}

/** The same fact, for those of its people who belong to the conversation or have just left it. */
function confirmed(fact: Fact, members: ReadonlySet<string>): Fact {
  return addressedTo(fact, new Set([...members, ...(fact.position?.left ?? [])]));
}

function addressedTo(fact: Fact, userIds: ReadonlySet<string>): Fact {
  if (!('userIds' in fact.audience)) return fact;
  return { ...fact, audience: { userIds: fact.audience.userIds.filter((userId) => userIds.has(userId)) } };
}
