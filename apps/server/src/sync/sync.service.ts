import { Injectable } from '@nestjs/common';
import { LIMITS, type SyncReply, type SyncRequest, type SyncUpdate } from '@parley/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { SIGNALS } from '../common/signals.js';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import { SummariesAccess } from '../conversations/summaries.access.js';
import { Epoch } from '../database/epoch.js';
import { readSnapshot } from '../database/snapshot.js';
import { DeltasAccess } from '../messages/deltas.access.js';
import { fitUpdate, planUpdates, type PlannedUpdate, type Room } from './sync-plan.js';

interface Updates {
  updates: SyncUpdate[];
  more: boolean;
}

/**
 * Tells a client what it missed.
 *
 * Guarantee: the answer is the state of one moment. A client that takes it in, and then every fact of
 * a conversation in the order of numbers, has what the server has: what was committed before the
 * moment is in the answer, what is committed later is told to the sockets, which joined before they
 * asked; what comes both ways has a number that the client knows (P5).
 *
 * Cost: a fixed number of queries, and rows for what has changed and for one page of the list. How many
 * conversations and messages there are does not matter. Covered by `sync.service.int-spec.ts`.
 */
@Injectable()
export class SyncService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: Epoch,
    private readonly conversations: ConversationsAccess,
    private readonly summaries: SummariesAccess,
    private readonly deltas: DeltasAccess,
  ) {}

  /**
   * The first page of one's conversations, and what has happened since the cursors. Nobody has to be
   * let in: it answers about nothing but what the actor belongs to, and says of the other cursors that
   * they point nowhere.
   */
  async sync(actor: Actor, { epoch, cursors }: SyncRequest): Promise<SyncReply> {
    const sameEpoch = epoch === this.epoch.value;
    const ids = Object.keys(cursors);
    return readSnapshot(this.dataSource, async (db) => {
      const standings = await this.conversations.listStandings(db, actor.userId, ids);
      const planned = planUpdates(standings, cursors, sameEpoch);
      const { updates, more } = await this.load(db, planned);
      SIGNALS.sync.tell({
        messages: updates.reduce((sum, { messages }) => sum + messages.length, 0),
        resets: updates.filter(({ kind }) => kind === 'reset').length,
      });
      const updated = updates.map(({ conversationId }) => conversationId);
      const { items, nextCursor } = await this.summaries.listFirstPage(db, actor.userId, updated);
      const own = new Set(standings.map(({ conversationId }) => conversationId));
      const removed = ids.filter((id) => !own.has(id));
      return { epoch: this.epoch.value, conversations: items, nextCursor, updates, removed, more };
    });
  }

  /** The updates in their order, until something does not fit any more. */
  private async load(db: EntityManager, planned: readonly PlannedUpdate[]): Promise<Updates> {
    const asked = planned.slice(0, LIMITS.syncConversationsMax);
    const latest = LIMITS.syncResetMessages + 1;
    // For each new start one more is read than is shown. What this cuts off is beyond the room below.
    const limit = LIMITS.syncMessagesMax + asked.length + 1;
    const questions = asked.map(({ lastSeq, ...question }) => ({ ...question, head: lastSeq }));
    const found = await this.deltas.find(db, questions, { latest, limit });
    const room: Room = { messages: LIMITS.syncMessagesMax, bytes: LIMITS.syncBytesMax };
    const updates: SyncUpdate[] = [];
    for (const [index, plan] of asked.entries()) {
      const update = fitUpdate(plan, found[index] ?? [], room, updates.length === 0);
      if (update !== null) updates.push(update);
      if (update === null || isCut(update, plan)) return { updates, more: true };
    }
    return { updates, more: planned.length > asked.length };
  }
}

/** Whether an update leaves something of its conversation for the next answer. */
function isCut(update: SyncUpdate, { lastSeq }: PlannedUpdate): boolean {
  return update.kind === 'delta' && update.to < lastSeq;
}
