import { setImmediate as turn } from 'node:timers/promises';

/** Milliseconds that one socket may work before everybody else gets a turn. */
const WORK_MS = 5;

/** A command as the queue sees it. */
export interface QueuedCommand {
  /** Whether the next pipelined command may start while this one runs. */
  readonly pipelined: boolean;
  /** Gets ready; null when the command was refused, and answered, instead. Never rejects. */
  prepare(): Promise<(() => Promise<void>) | null>;
}

/**
 * The commands of one socket, carried out in the order in which they came (P4).
 *
 * A command starts when the one before it is done. Pipelined ones are the exception: the next starts
 * as soon as the one before has started, because what they start keeps their order.
 *
 * Commands that wait for nothing outside the process would all run in one turn of its event loop, and
 * keep every other socket waiting. So the queue lets others in between whenever it has worked for some
 * milliseconds; the commands keep waiting in their order meanwhile, and still count.
 *
 * Nothing here answers the client; a command does that itself, exactly once. Covered by
 * `command-queue.spec.ts`.
 */
export class CommandQueue {
  private readonly waiting: QueuedCommand[] = [];
  private running = 0;
  /** Called when nothing runs any more: a command that is not pipelined waits for that. */
  private whenDone: (() => void) | null = null;
  private preparing = 0;
  private working = false;
  private open: boolean;
  private readonly now: () => number;

  /** `onIdle` is called each time when nothing waits or runs any more. `now` is a clock in milliseconds. */
  constructor(
    private readonly depth: number,
    private readonly onIdle: () => void,
    options: { open: boolean; now?: () => number },
  ) {
    this.open = options.open;
    this.now = options.now ?? (() => performance.now());
  }

  /** How many commands have not been answered. */
  get size(): number {
    return this.waiting.length + this.preparing + this.running;
  }

  /** Takes a command, unless too many are unanswered: then it returns false. */
  push(command: QueuedCommand): boolean {
    if (this.size >= this.depth) return false;
    this.waiting.push(command);
    this.start();
    return true;
  }

  /** Begins with what has been waiting. */
  release(): void {
    this.open = true;
    this.start();
  }

  /** Forgets what has not started. */
  clear(): void {
    this.waiting.length = 0;
  }

  private start(): void {
    if (this.working || !this.open) return;
    this.working = true;
    void this.work();
  }

  private async work(): Promise<void> {
    let since = this.now();
    while (this.waiting.length > 0) {
      if (this.now() - since > WORK_MS) {
        await turn();
        since = this.now();
      }
      // Taken only now: what is cleared while others have their turn has not started.
      const command = this.waiting.shift();
      if (command !== undefined) await this.carryOut(command);
    }
    this.working = false;
    if (this.size === 0) this.onIdle();
  }

  /** Returns when the next command may start. */
  private async carryOut(command: QueuedCommand): Promise<void> {
    this.preparing = 1;
    if (!command.pipelined) await this.allDone();
    const run = await command.prepare();
    this.preparing = 0;
    if (run === null) return;
    const done = this.track(run());
    if (!command.pipelined) await done;
  }

  /** NOTE: counted, not kept in a `Set`, whose tables are a chain of garbage (`short-lived-map.ts`). */
  private track(work: Promise<void>): Promise<void> {
    this.running += 1;
    return work.finally(() => {
      this.running -= 1;
      if (this.running === 0) this.whenDone?.();
      if (this.size === 0 && !this.working) this.onIdle();
    });
  }

  private async allDone(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resolve) => (this.whenDone = resolve));
    this.whenDone = null;
  }
}
