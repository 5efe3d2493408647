import { Injectable, Logger } from '@nestjs/common';

/** First the clients are told and let go, then the work they left is finished. */
export type DrainPhase = 'clients' | 'work';

/** How long each phase may take, in milliseconds: 8 s together, so that exiting within 10 s holds. */
const PHASES: readonly { name: DrainPhase; withinMs: number }[] = [
  { name: 'clients', withinMs: 3_000 },
  { name: 'work', withinMs: 5_000 },
];

interface Task {
  name: string;
  phase: DrainPhase;
  run: () => Promise<void>;
}

/**
 * The orderly end of this server: not ready any more, clients told, work flushed. It knows the order
 * and the time, and nothing about what there is to do: features register that. Closing the
 * application and the process afterwards is `main.ts`.
 *
 * A task that fails or takes too long is logged and left behind, because the process ends either way
 * and what was acknowledged is already in the database.
 */
@Injectable()
export class DrainService {
  private readonly logger = new Logger(DrainService.name);
  private readonly tasks: Task[] = [];
  private drained: Promise<void> | null = null;

  get draining(): boolean {
    return this.drained !== null;
  }

  /** Adds something to do when this server goes away. Tasks of one phase run side by side. */
  register(name: string, phase: DrainPhase, task: () => Promise<void>): void {
    this.tasks.push({ name, phase, run: task });
  }

  /** Drains once; every call waits for that. Never rejects. */
  drain(): Promise<void> {
    this.drained ??= this.runPhases();
    return this.drained;
  }

  private async runPhases(): Promise<void> {
    for (const { name, withinMs } of PHASES) {
      const tasks = this.tasks.filter((task) => task.phase === name);
      await Promise.all(tasks.map((task) => this.runBounded(task, withinMs)));
    }
  }

  private async runBounded(task: Task, withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`not done within ${withinMs} ms`)), withinMs);
    });
    try {
      await Promise.race([Promise.resolve().then(task.run), late]);
    } catch (error) {
      this.logger.warn(`Draining ${task.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
