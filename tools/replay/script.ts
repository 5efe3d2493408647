import { LIMITS } from '@parley/contracts';
import { Cast } from './cast.js';
import { LogError, type LogEvent, type LogKind } from './log.js';
import { timeEvents } from './pace.js';
import { toWording, type Words } from './words.js';

/** One thing that happens on the server, in the order of the log. */
export type Step = {
  line: number;
  /** Milliseconds since the first minute of the log. */
  atMs: number;
  /** Index in {@link Script.people}. */
  person: number;
} & (
  | ({ kind: 'send' } & Words)
  /** `implied`: no line says so, but the log cannot be true otherwise. */
  | { kind: 'join' | 'leave'; implied: boolean }
  | { kind: 'rename'; nick: string }
);

export interface Script {
  /** Each person by the first nick that they bear. */
  people: readonly string[];
  /** The people who are there before the first step. */
  presentFromStart: readonly number[];
  steps: readonly Step[];
  /** How many lines of each kind were read. */
  lines: Readonly<Record<LogKind, number>>;
  /** Lines whose words no message can hold, and lines of nobody or that rename to nobody. */
  leftOut: readonly { line: number; reason: string }[];
  /** Lines that change nothing: a join of somebody present, a leave of somebody absent. */
  withoutEffect: number;
}

/**
 * Turns a log into what is to be done: who is there from the start, and then step by step.
 * @throws LogError when more people are there at once than a group can hold
 */
export function toScript(events: readonly LogEvent[]): Script {
  return new Scriptwriter().write(events);
}

class Scriptwriter {
  private readonly cast = new Cast();
  private readonly steps: Step[] = [];
  private readonly leftOut: { line: number; reason: string }[] = [];
  private readonly lines: Record<LogKind, number> = { message: 0, action: 0, join: 0, leave: 0, rename: 0 };
  private withoutEffect = 0;

  write(events: readonly LogEvent[]): Script {
    const times = timeEvents(events);
    events.forEach((event, index) => {
      this.lines[event.kind] += 1;
      this.writeEvent(event, times[index] ?? 0);
    });
    const { people, presentFromStart } = this.cast;
    const { steps, lines, leftOut, withoutEffect } = this;
    this.requireRoom();
    return { people, presentFromStart, steps, lines, leftOut, withoutEffect };
  }

  /** A group holds everybody who is there at once, and its owner. */
  private requireRoom(): void {
    let members = 1 + this.cast.presentFromStart.length;
    for (const step of [null, ...this.steps]) {
      if (step?.kind === 'join') members += 1;
      if (step?.kind === 'leave') members -= 1;
      if (members <= LIMITS.groupMembersMax) continue;
      const most = LIMITS.groupMembersMax - 1;
      throw new LogError(`more than ${most} people are there at once, and a group cannot hold them`, step?.line ?? 1);
    }
  }

  private writeEvent(event: LogEvent, atMs: number): void {
    const nameless = findNameless(event);
    if (nameless !== null) {
      this.leftOut.push({ line: event.line, reason: nameless });
      return;
    }
    switch (event.kind) {
      case 'message':
      case 'action':
        return this.writeWords(event.kind, event, atMs);
      case 'join':
        return this.writeJoin(event, atMs);
      case 'leave':
        return this.writeLeave(event, atMs);
      case 'rename':
        return this.writeRename(event, atMs);
    }
  }

  private writeWords(kind: 'message' | 'action', { line, nick, text }: LogEvent, atMs: number): void {
    const person = this.turnUp(nick, line, atMs);
    const wording = toWording(kind, text);
    if ('unsayable' in wording) this.leftOut.push({ line, reason: wording.unsayable });
    else for (const words of wording.messages) this.steps.push({ kind: 'send', line, atMs, person, ...words });
  }

  private writeJoin({ line, nick }: LogEvent, atMs: number): void {
    if (this.cast.isPresent(nick)) this.withoutEffect += 1;
    else this.steps.push({ kind: 'join', line, atMs, person: this.cast.enter(nick), implied: false });
  }

  private writeLeave({ line, nick }: LogEvent, atMs: number): void {
    // A leave under a nick never seen before tells of somebody silent who was there from the start.
    if (!this.cast.wasUsed(nick)) this.cast.turnsUp(nick);
    const person = this.cast.leave(nick);
    if (person === null) this.withoutEffect += 1;
    else this.steps.push({ kind: 'leave', line, atMs, person, implied: false });
  }

  private writeRename({ line, nick, text }: LogEvent, atMs: number): void {
    const person = this.turnUp(nick, line, atMs);
    if (nick === text) {
      this.withoutEffect += 1;
      return;
    }
    const displaced = this.cast.rename(nick, text);
    if (displaced !== null) this.steps.push({ kind: 'leave', line, atMs, person: displaced, implied: true });
    this.steps.push({ kind: 'rename', line, atMs, person, nick: text });
  }

  private turnUp(nick: string, line: number, atMs: number): number {
    const { person, enters } = this.cast.turnsUp(nick);
    if (enters) this.steps.push({ kind: 'join', line, atMs, person, implied: true });
    return person;
  }
}

/** What is said under no name is nobody's, and under a new name that is none nobody can be found again. */
function findNameless({ nick, kind, text }: LogEvent): string | null {
  if (nick.trim() === '') return 'a blank nick is nobody';
  if (kind === 'rename' && text.trim() === '') return 'a blank text is not a new nick';
  return null;
}
