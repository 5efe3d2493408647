/** Lets callers pass while it is open; the others wait, or are turned away when the replay ends. */
export class Gate {
  private waiting: (() => void)[] = [];
  private opened = false;

  get isOpen(): boolean {
    return this.opened;
  }

  open(): void {
    this.opened = true;
    const waiting = this.waiting;
    this.waiting = [];
    for (const pass of waiting) pass();
  }

  close(): void {
    this.opened = false;
  }

  /** Resolves when the gate is open. Rejects with the signal's reason when that comes first. */
  async passed(signal: AbortSignal): Promise<void> {
    while (!this.opened) {
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const end = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', end, { once: true });
        this.waiting.push(() => {
          signal.removeEventListener('abort', end);
          resolve();
        });
      });
    }
  }
}
