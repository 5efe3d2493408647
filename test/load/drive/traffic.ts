import { Samples } from '../measure/samples.js';

/** What goes through a server in one workload, counted at its clients from first to last. */
export class Traffic {
  sent = 0;
  acked = 0;
  refused = 0;
  /** Deliveries owed for what was acknowledged: one to each member online, the sender too. */
  due = 0;
  delivered = 0;
  /** Facts of other kinds. */
  otherFacts = 0;
  /** Commands beside the sends: given, carried out and refused. */
  commands = 0;
  commandsDone = 0;
  commandsRefused = 0;
  /** Sends that were due and not even begun, because far too many were open. */
  unsent = 0;
  /** Connections that ended by themselves, and why. */
  readonly lost: string[] = [];
  /** The first refusal, as it came. */
  refusal: string | null = null;
  /** Milliseconds from sending to the acknowledgement, and to a delivery. */
  readonly ackTimes = new Samples();
  readonly deliveryTimes = new Samples();

  /** How long one delivery in `sampleEvery` took is looked up; all of them are counted. */
  constructor(readonly sampleEvery = 1) {}

  get settled(): boolean {
    const commandsAnswered = this.commandsDone + this.commandsRefused;
    const answered = this.acked + this.refused === this.sent && commandsAnswered === this.commands;
    return answered && this.delivered === this.due;
  }

  /** Whether nothing went wrong that a client would have seen. */
  get clean(): boolean {
    return this.refused === 0 && this.commandsRefused === 0 && this.unsent === 0 && this.lost.length === 0;
  }

  /** Leaves out how long things take for as long as this does; all of them go on being counted. */
  async withoutTimes<T>(work: () => Promise<T>): Promise<T> {
    this.ackTimes.paused = this.deliveryTimes.paused = true;
    try {
      return await work();
    } finally {
      this.ackTimes.paused = this.deliveryTimes.paused = false;
    }
  }

  clearTimes(): void {
    this.ackTimes.clear();
    this.deliveryTimes.clear();
  }

  describe(): string {
    const { sent, acked, refused, due, delivered, commands, commandsRefused, unsent, lost, refusal } = this;
    const sends = `unsent ${unsent}, sent ${sent}, acknowledged ${acked}, refused ${refused}`;
    const counts = `${sends}, deliveries due ${due}, delivered ${delivered}, other commands ${commands}, refused ${commandsRefused}`;
    const ended = lost.length === 0 ? '' : `; ${lost.length} connections were lost, the first one: ${lost[0] ?? ''}`;
    return `${counts}${ended}${refusal === null ? '' : `; the first refusal: ${refusal}`}`;
  }
}
