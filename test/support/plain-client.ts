import type { MessageView, SyncReply, SyncUpdate } from '@parley/contracts';
import type { Heard, TestSocket } from './sockets.js';

interface Told {
  seq: number;
  message: MessageView;
}

/**
 * A client that keeps one conversation by the rule of `docs/protocol.md` and by nothing else: it
 * applies, drops and holds facts by their numbers, and takes in what `sync` answers.
 */
export class PlainClient {
  last = 0;
  private epoch: string | null = null;
  private messages = new Map<number, MessageView>();
  private readonly held = new Map<number, Told>();
  /** How much of what the socket has heard was taken in. */
  private taken = 0;
  private socket: TestSocket | null = null;

  constructor(private readonly conversationId: string) {}

  /** Goes on with a socket that has just become ready; what the one before did not hear is asked for. */
  async goOn(socket: TestSocket): Promise<void> {
    this.socket = socket;
    this.taken = 0;
    await this.sync();
  }

  /** Takes in everything up to a number, and asks for what is not told. */
  async reach(seq: number): Promise<void> {
    this.listen();
    while (this.last < seq) await this.sync();
  }

  /** The messages as this client would show them. */
  get shown(): MessageView[] {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** Takes in what has been heard by now. */
  listen(): void {
    const heard = this.socket?.heard ?? [];
    for (; this.taken < heard.length; this.taken += 1) this.hear(heard[this.taken]);
  }

  async sync(): Promise<void> {
    if (this.socket === null) throw new Error('There is no connection');
    for (let more = true; more;) {
      const cursors = { [this.conversationId]: this.last };
      const ack = await this.socket.command('sync', { epoch: this.epoch, cursors });
      if (!ack.ok) throw new Error(`Refused: ${JSON.stringify(ack.error)}`);
      this.take(ack.data);
      ({ more } = ack.data);
    }
    this.applyHeld();
    this.listen();
  }

  private hear(heard: Heard | undefined): void {
    if (heard?.fact !== 'message:sent' && heard?.fact !== 'message:changed') return;
    const { payload } = heard;
    if (payload.conversationId !== this.conversationId || payload.seq <= this.last) return;
    this.held.set(payload.seq, payload);
    this.applyHeld();
  }

  private applyHeld(): void {
    for (const seq of this.held.keys()) if (seq <= this.last) this.held.delete(seq);
    for (let next = this.held.get(this.last + 1); next !== undefined; next = this.held.get(this.last + 1)) {
      this.merge(next.message);
      this.held.delete(next.seq);
      this.last = next.seq;
    }
  }

  private take({ epoch, updates }: SyncReply): void {
    this.epoch = epoch;
    for (const update of updates) this.takeUpdate(update);
  }

  private takeUpdate(update: SyncUpdate): void {
    if (update.kind === 'reset') this.messages = new Map();
    for (const message of update.messages) this.merge(message);
    this.last = update.kind === 'reset' ? update.head : Math.max(this.last, update.to);
  }

  /** Of two views of one message the one of the later change is right. */
  private merge(message: MessageView): void {
    const known = this.messages.get(message.seq);
    if (known === undefined || orderOf(message) > orderOf(known)) this.messages.set(message.seq, message);
  }
}

const orderOf = ({ changedSeq, seq }: MessageView): number => changedSeq ?? seq;
