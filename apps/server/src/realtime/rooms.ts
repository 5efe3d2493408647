import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { Audience } from '../events/fact.js';
import type { Connection, ParleyServer, ParleySocket } from './connection.js';

/**
 * The rooms of this node's sockets: of a conversation, of a person, of a session, and of those who
 * watch somebody's presence. The only place that knows their names.
 *
 * NOTE: no name may have 20 characters: adapters of Socket.IO take that for the id of a socket.
 */
const CONVERSATION = 'conversation:';
const USER = 'user:';
const conversationRoom = (id: string): string => CONVERSATION + id;
const userRoom = (id: string): string => USER + id;
const sessionRoom = (id: string): string => `session:${id}`;
const watchersRoom = (id: string): string => `watchers:${id}`;

/** Says in which rooms the audience of a fact is. */
export function roomsOf(audience: Audience): string[] {
  if ('conversationId' in audience) return [conversationRoom(audience.conversationId)];
  if ('userIds' in audience) return audience.userIds.map(userRoom);
  if ('sessionIds' in audience) return audience.sessionIds.map(sessionRoom);
  return [watchersRoom(audience.watchersOf)];
}

@Injectable()
export class Rooms {
  private io: ParleyServer;
  /**
   * The names of the conversations' rooms, each one text for all sockets in it: a socket keeps the names of
   * its rooms, and twenty of its own would be a kilobyte more for each.
   */
  private readonly names = new Map<string, string>();

  /** `onConversationEmpty` hears of each conversation whose last socket here has gone. */
  attach(io: ParleyServer, onConversationEmpty: (conversationId: string) => void): void {
    this.io = io;
    io.sockets.adapter.on('delete-room', (room: string) => {
      if (!room.startsWith(CONVERSATION)) return;
      const conversationId = room.slice(CONVERSATION.length);
      this.names.delete(conversationId);
      onConversationEmpty(conversationId);
    });
  }

  /** All sockets of this node that have been let in. */
  all(): Iterable<ParleySocket> {
    return this.io.sockets.sockets.values();
  }

  enterOwn(socket: ParleySocket, actor: Actor): void {
    void socket.join([userRoom(actor.userId), sessionRoom(actor.sessionId)]);
  }

  enterConversations(socket: ParleySocket, conversationIds: readonly string[]): void {
    if (conversationIds.length > 0) void socket.join(conversationIds.map((id) => this.nameToEnter(id)));
  }

  /** Puts all sockets of this person into the conversation. */
  admit(userId: string, conversationId: string): void {
    for (const socket of this.ofUser(userId)) {
      socket.data.leftMeanwhile?.delete(conversationId);
      void socket.join(this.nameToEnter(conversationId));
    }
  }

  /** Takes all sockets of this person out of the conversation; `seq` is the change that did it. */
  evict(userId: string, conversationId: string, seq: number): void {
    for (const socket of this.ofUser(userId)) {
      socket.data.leftMeanwhile?.set(conversationId, seq);
      void socket.leave(conversationRoom(conversationId));
    }
  }

  /** The sockets of this person that are not in the conversation. */
  outside(userId: string, conversationId: string): ParleySocket[] {
    const inside = this.io.sockets.adapter.rooms.get(conversationRoom(conversationId));
    return this.ofUser(userId).filter((socket) => inside?.has(socket.id) !== true);
  }

  hasConversation(conversationId: string): boolean {
    return this.io.sockets.adapter.rooms.has(conversationRoom(conversationId));
  }

  /** The people who have a socket in the conversation. */
  usersIn(conversationId: string): Set<string> {
    return new Set(this.inRoom(conversationRoom(conversationId)).map((socket) => socket.data.actor.userId));
  }

  /** Everybody who has a socket here. */
  *users(): Generator<string, undefined> {
    for (const room of this.io.sockets.adapter.rooms.keys()) {
      if (room.startsWith(USER)) yield room.slice(USER.length);
    }
  }

  hasUser(userId: string): boolean {
    return this.io.sockets.adapter.rooms.has(userRoom(userId));
  }

  ofUser(userId: string): ParleySocket[] {
    return this.inRoom(userRoom(userId));
  }

  watchersOf(userId: string): ParleySocket[] {
    return this.inRoom(watchersRoom(userId));
  }

  watch(connection: Connection, userIds: Iterable<string>): void {
    const watched = (connection.watched ??= new Set());
    for (const userId of userIds) {
      watched.add(userId);
      void connection.socket.join(watchersRoom(userId));
    }
  }

  unwatch(connection: Connection, userIds: Iterable<string>): void {
    for (const userId of userIds) {
      if (connection.watched?.delete(userId) === true) void connection.socket.leave(watchersRoom(userId));
    }
  }

  /** The sockets that a fact with this audience reaches here. */
  reachedBy(audience: Audience): readonly ParleySocket[] {
    return this.socketsIn(roomsOf(audience));
  }

  /** The sockets that are in any of these rooms, each once. */
  socketsIn(rooms: readonly string[]): readonly ParleySocket[] {
    const [first, ...others] = rooms;
    if (first === undefined) return [];
    // Nearly every fact is for one room, whose sockets need not be compared.
    if (others.length === 0) return this.inRoom(first);
    return [...new Set(rooms.flatMap((room) => this.inRoom(room)))];
  }

  private nameToEnter(conversationId: string): string {
    let name = this.names.get(conversationId);
    if (name === undefined) this.names.set(conversationId, (name = conversationRoom(conversationId)));
    return name;
  }

  private inRoom(room: string): ParleySocket[] {
    const sockets: ParleySocket[] = [];
    for (const id of this.io.sockets.adapter.rooms.get(room) ?? []) {
      const socket = this.io.sockets.sockets.get(id);
      if (socket !== undefined) sockets.push(socket);
    }
    return sockets;
  }
}
