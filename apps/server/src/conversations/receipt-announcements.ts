import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Upkeep } from '../database/upkeep.js';
import { LIMITS } from '@parley/contracts';
import type { Change } from '../events/fact.js';
import { FactBus } from '../events/fact-bus.js';
import { READ_RECEIPTS_UNTOUCHED, UsersAccess, type ReadReceiptsSwitch } from '../users/users.access.js';
import { findSmall, type ReceiptRow } from './receipts.queries.js';

const TOLD_EVERY_MS = 200;

/**
 * Tells how far members have got: to their own devices in full, and to the conversation as far as they
 * tell it at all.
 *
 * Guarantee: somebody who hides what they read is asked about when the fact is made, so nothing is made
 * after they have said so. What was made before carries the turn of their switch, and whoever delivers it
 * late keeps it back (`realtime/read-receipts-switches.ts`). Of the moves of one person within 200 ms only
 * the last is told, because scrolling makes many of them. Accepted: what is waiting when a node stops, or
 * when the database cannot be asked, is not told; the position is read with the conversation. Covered by
 * `test/realtime/receipts.e2e-spec.ts`.
 */
@Injectable()
export class ReceiptAnnouncements implements OnModuleDestroy {
  private readonly logger = new Logger(ReceiptAnnouncements.name);
  private waiting = new Map<string, ReceiptRow>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Upkeep,
    private readonly users: UsersAccess,
    private readonly bus: FactBus,
  ) {}

  onModuleDestroy(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.waiting.clear();
  }

  /** Tells it soon. */
  announce(receipt: ReceiptRow): void {
    const key = receipt.conversationId + receipt.userId;
    const earlier = this.waiting.get(key);
    // Two moves may come in another order than the one in which they were written.
    this.waiting.set(key, {
      ...receipt,
      readSeq: Math.max(receipt.readSeq, earlier?.readSeq ?? 0),
      deliveredSeq: Math.max(receipt.deliveredSeq, earlier?.deliveredSeq ?? 0),
    });
    this.timer ??= setTimeout(() => this.tell(), TOLD_EVERY_MS).unref();
  }

  private tell(): void {
    const receipts = [...this.waiting.values()];
    this.waiting = new Map();
    this.timer = null;
    this.publish(receipts).catch((error: unknown) => {
      this.logger.warn(`Receipts were not told: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  private async publish(receipts: readonly ReceiptRow[]): Promise<void> {
    const db = this.database.manager;
    const conversationIds = [...new Set(receipts.map((receipt) => receipt.conversationId))];
    const small = await findSmall(db, conversationIds, LIMITS.receiptsMembersMax);
    const userIds = [...new Set(receipts.map((receipt) => receipt.userId))];
    const switches = await this.users.findReadSwitches(db, userIds);
    this.bus.publish(receipts.flatMap((receipt) => toChanges(receipt, small, switches)));
  }
}

function toChanges(
  receipt: ReceiptRow,
  small: ReadonlySet<string>,
  switches: ReadonlyMap<string, ReadReceiptsSwitch>,
): Change[] {
  const { conversationId, userId } = receipt;
  const own: Change = [{ type: 'receipt:changed', audience: { userIds: [userId] }, payload: receipt }];
  if (!small.has(conversationId)) return [own];
  const { shown, version } = switches.get(userId) ?? READ_RECEIPTS_UNTOUCHED;
  const payload = shown ? receipt : { ...receipt, readSeq: null };
  const told: Change = [{ type: 'receipt:changed', audience: { conversationId }, payload, switchVersion: version }];
  // Who shows everything hears it with the conversation.
  return payload === receipt ? [told] : [told, own];
}
