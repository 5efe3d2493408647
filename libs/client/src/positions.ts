import type { CommandName } from '@parley/contracts';

const DELIVERED_AFTER_MS = 1_000;

type PositionCommand = Extract<CommandName, 'conversation:read' | 'conversation:delivered'>;

/** Tells the server how far one has got: of each position the highest, and one at a time. */
export class Positions {
  private readonly due = new Map<string, number>();
  private readonly told = new Map<string, number>();
  private readonly busy = new Set<string>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  /** Counts the clearings: what was told before one of them counts no more, also when its answer comes later. */
  private era = 0;

  constructor(
    private readonly send: (command: PositionCommand, conversationId: string, seq: number) => Promise<unknown>,
  ) {}

  /** At once. */
  read(conversationId: string, seq: number): void {
    this.note('conversation:read', conversationId, seq);
    this.tell('conversation:read', conversationId);
  }

  /** Soon: what arrives in one go is told in one go. */
  delivered(conversationId: string, seq: number): void {
    if (!this.note('conversation:delivered', conversationId, seq) || this.timers.size > 0) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.resume();
    }, DELIVERED_AFTER_MS);
    this.timers.add(timer);
  }

  /** Tells what could not be told. */
  resume(): void {
    for (const key of this.due.keys()) this.tell(...partsOf(key));
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.due.clear();
    this.told.clear();
    this.era += 1;
  }

  private note(command: PositionCommand, conversationId: string, seq: number): boolean {
    const key = `${command} ${conversationId}`;
    if (seq <= Math.max(this.due.get(key) ?? 0, this.told.get(key) ?? 0)) return false;
    this.due.set(key, seq);
    return true;
  }

  private tell(command: PositionCommand, conversationId: string): void {
    const key = `${command} ${conversationId}`;
    const seq = this.due.get(key);
    if (seq === undefined || this.busy.has(key)) return;
    const { era } = this;
    this.busy.add(key);
    this.send(command, conversationId, seq).then(
      () => {
        this.busy.delete(key);
        if (era === this.era) this.told.set(key, seq);
        if (era === this.era && this.due.get(key) === seq) this.due.delete(key);
        this.tell(command, conversationId);
      },
      // Positions are state: the next one, or the next connection, tells it.
      () => this.busy.delete(key),
    );
  }
}

function partsOf(key: string): [PositionCommand, string] {
  const [command = '', conversationId = ''] = key.split(' ');
  return [command as PositionCommand, conversationId];
}
