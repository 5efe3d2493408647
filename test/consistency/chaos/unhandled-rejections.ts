/** What nobody caught in this process, where the clients are. */
export class UnhandledRejections {
  readonly seen: string[] = [];
  private readonly note = (reason: unknown): void => {
    this.seen.push(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  };

  constructor() {
    process.on('unhandledRejection', this.note);
  }

  stop(): void {
    process.off('unhandledRejection', this.note);
  }
}
