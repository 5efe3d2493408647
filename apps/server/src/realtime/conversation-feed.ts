import type { Change, Position } from '../events/fact.js';

/** A change that has a place in a conversation. */
export interface PlacedChange {
  readonly change: Change;
  readonly position: Position;
}

/** Who of the people asked about has belonged to the conversation since a change, and at which version that is so. */
export interface MemberCheck {
  readonly memberVersion: number;
  readonly members: ReadonlySet<string>;
}

/** What a feed needs from outside. */
export interface FeedPorts {
  /** Hands a change to its audiences. With `members`, nobody but these may join by it. */
  deliver(placed: PlacedChange, members?: ReadonlySet<string>): void;
  /** A change that came after later ones had been delivered or read from the database. */
  deliverLate(placed: PlacedChange): void;
  /** All that is left of the changes with `afterSeq < seq <= toSeq`, in order and as it is now. */
  load(afterSeq: number, toSeq: number): Promise<PlacedChange[]>;
  /** Asks the database who has belonged here since this change, and takes out who has not. */
  checkMembers(position: Position): Promise<MemberCheck>;
  /** Reading failed and will be tried again, or one delivery failed. */
  failed(error: unknown): void;
  /** What had to be read has been delivered. */
  rested(): void;
}

export interface FeedTiming {
  /** How long a missing change may still come by itself. */
  readonly gapMs: number;
  /** The pause before another try when the database could not be read. */
  readonly retryMs: number;
}

const TIMING: FeedTiming = { gapMs: 50, retryMs: 500 };
const LOAD_AT_ONCE = 200;
const HELD_MAX = 1_000;

/**
 * One conversation as this node tells it: hints that may be lost, repeated or out of order come in,
 * and every change goes out once and in order.
 *
 * Guarantee: changes are delivered in ascending `seq`, and none is left out but one that a later change
 * of the same message has replaced. None is delivered while this node may believe in a member who has
 * been removed: a change with an unexpected member version waits until the members have been checked
 * against the database (P6). Accepted: while the database cannot be read, a conversation with a gap
 * stands still. Covered by `conversation-feed.spec.ts` and its neighbours.
 *
 * At most one read per conversation is under way; what comes meanwhile is held.
 */
export class ConversationFeed {
  private readonly held = new Map<number, PlacedChange>();
  /** The highest number known to be committed. */
  private committed: number;
  private working = false;
  private closed = false;
  /** The lowest member version at which somebody arrived during the check under way. */
  private arrivedAt = Infinity;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly ports: FeedPorts,
    /** The number of the latest change that its audience has or can read. */
    private deliveredSeq: number,
    /** The member version that the local room is in line with. */
    private memberVersion: number,
    private readonly timing: FeedTiming = TIMING,
  ) {
    this.committed = deliveredSeq;
  }

  get delivered(): number {
    return this.deliveredSeq;
  }

  /** Whether it is reading, or about to deliver what it has read. */
  get busy(): boolean {
    return this.working;
  }

  /** Takes a change from the bus: delivers it, drops it, or holds it until its turn. */
  accept(placed: PlacedChange): void {
    const { seq } = placed.position;
    if (this.closed) return;
    if (seq <= this.deliveredSeq) {
      this.ports.deliverLate(placed);
      return;
    }
    if (seq === this.deliveredSeq + 1 && !this.working && this.isExpected(placed.position)) {
      this.deliver(placed);
    } else if (this.held.size < HELD_MAX) {
      this.held.set(seq, placed);
    }
    this.expect(seq);
  }

  /** Says that changes up to `seq` are committed: what does not come soon is read. */
  expect(seq: number): void {
    this.committed = Math.max(this.committed, seq);
    if (this.committed > this.deliveredSeq) this.advance();
  }

  /**
   * Says that somebody comes into the room of whom nothing is known but that they belonged to the
   * conversation at this member version: if it has changed since, it asks before it delivers anything.
   */
  arrive(memberVersion: number): void {
    this.memberVersion = Math.min(this.memberVersion, memberVersion);
    this.arrivedAt = Math.min(this.arrivedAt, memberVersion);
  }

  /** Ends it: nothing is delivered any more. */
  close(): void {
    this.closed = true;
    this.stopWaiting();
  }

  private advance(): void {
    if (this.working || this.closed) return;
    for (let next = this.takeNext(); next !== undefined; next = this.takeNext()) {
      const placed = next;
      if (!this.isExpected(placed.position)) {
        this.work(() => this.checkAndDeliver(placed));
        return;
      }
      this.deliver(placed);
    }
    if (this.committed > this.deliveredSeq) this.fillAfter(this.timing.gapMs);
  }

  private takeNext(): PlacedChange | undefined {
    return this.held.get(this.deliveredSeq + 1);
  }

  private fillAfter(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.work(() => this.fill());
    }, ms);
  }

  private stopWaiting(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Does one piece of reading; a failure is told, and it goes on after a pause. */
  private work(task: () => Promise<void>): void {
    if (this.working || this.closed) return;
    this.working = true;
    task().then(
      () => {
        this.working = false;
        this.advance();
        if (!this.busy && !this.closed) this.ports.rested();
      },
      (error: unknown) => {
        this.working = false;
        if (this.closed) return;
        this.ports.failed(error);
        this.fillAfter(this.timing.retryMs);
      },
    );
  }

  /**
   * Reads the next missing changes. What was read is newer than what was heard, so nothing that is held
   * is told in its place: a message may have been deleted since. A number that nothing was read for was
   * taken by a change that a later one of the same message has replaced, and tells of it.
   */
  private async fill(): Promise<void> {
    const to = Math.min(this.committed, this.deliveredSeq + LOAD_AT_ONCE);
    if (to <= this.deliveredSeq) return;
    for (const placed of await this.ports.load(this.deliveredSeq, to)) await this.deliverRead(placed);
    if (!this.closed && to > this.deliveredSeq) this.moveTo(to);
  }

  /**
   * What has been read shows the present, and so does its member version: it is not the one that this
   * change led to. Whoever joined by it may have left since, and when it says who left, others may have
   * left after them. So who is named in it never stands for asking.
   */
  private async deliverRead(placed: PlacedChange): Promise<void> {
    const { memberVersion, joined } = placed.position;
    if (memberVersion > this.memberVersion || joined !== undefined) await this.checkAndDeliver(placed);
    else this.deliver(placed);
  }

  private async checkAndDeliver(placed: PlacedChange): Promise<void> {
    let check: MemberCheck;
    do {
      this.arrivedAt = Infinity;
      check = await this.ports.checkMembers(placed.position);
      if (this.closed) return;
      // Nobody asked about those who have arrived since.
    } while (this.arrivedAt < check.memberVersion);
    this.memberVersion = Math.max(this.memberVersion, check.memberVersion);
    this.deliver(placed, check.members);
  }

  private deliver(placed: PlacedChange, members?: ReadonlySet<string>): void {
    if (this.closed) return;
    const { memberVersion, joined } = placed.position;
    this.memberVersion = Math.max(this.memberVersion, memberVersion);
    // Whoever joins by a change that was heard was a member then; nobody has asked about them since.
    if (joined !== undefined && members === undefined) this.arrive(memberVersion);
    this.moveTo(placed.position.seq);
    try {
      this.ports.deliver(placed, members);
    } catch (error) {
      // What could not be told is one hint lost; the conversation goes on.
      this.ports.failed(error);
    }
  }

  private moveTo(seq: number): void {
    for (let passed = this.deliveredSeq + 1; passed <= seq; passed += 1) this.held.delete(passed);
    this.deliveredSeq = seq;
    this.committed = Math.max(this.committed, seq);
    this.stopWaiting();
  }

  /** Whether the local room will be in line with a change that was heard: nothing about members was missed. */
  private isExpected({ memberVersion, joined, left }: Position): boolean {
    if (memberVersion <= this.memberVersion) return true;
    const saysWho = joined !== undefined || left !== undefined;
    return memberVersion === this.memberVersion + 1 && saysWho;
  }
}
