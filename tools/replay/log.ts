/** What a line of a log tells. */
export const LOG_KINDS = ['message', 'action', 'join', 'leave', 'rename'] as const;
export type LogKind = (typeof LOG_KINDS)[number];

export interface LogEvent {
  /** Where it stands in the file, counted from 1. */
  line: number;
  /** The log's clock: minutes since midnight. */
  minute: number;
  /** May be blank, as every text may: what that means is for the script to say. */
  nick: string;
  kind: LogKind;
  /** The words of a message or an action; for a rename the new nick; else nothing. */
  text: string;
}

/** The log is not one that can be replayed. The message names the line and what is wrong with it. */
export class LogError extends Error {
  constructor(
    problem: string,
    readonly line: number | null = null,
  ) {
    super(line === null ? problem : `line ${line}: ${problem}`);
    this.name = 'LogError';
  }
}

const NEWLINE = 0x0a;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Reads a log: one JSON object a line, in UTF-8, in the order in which the channel saw it. Blank
 * lines are passed over; unknown fields are ignored.
 * @param limit how many events to read at most
 * @throws LogError for the first line that is not an event
 */
export function parseLog(content: Uint8Array, limit = Number.POSITIVE_INFINITY): LogEvent[] {
  const events: LogEvent[] = [];
  let line = 0;
  for (let start = 0; start < content.length && events.length < limit;) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline === -1 ? content.length : newline;
    line += 1;
    const text = decode(content.subarray(start, end), line);
    if (text.trim() !== '') events.push(parseEvent(text, line));
    start = end + 1;
  }
  if (events.length === 0) throw new LogError('the log is empty');
  return events;
}

/** Each line on its own, so that a wrong byte is found where it is. A byte order mark is dropped. */
function decode(bytes: Uint8Array, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: line !== 1 }).decode(bytes);
  } catch {
    throw new LogError('is not UTF-8', line);
  }
}

function parseEvent(json: string, line: number): LogEvent {
  const fields = parseObject(json, line);
  const kind = LOG_KINDS.find((known) => known === fields['kind']);
  if (kind === undefined) throw new LogError(`kind must be one of ${LOG_KINDS.join(', ')}`, line);
  const nick = readText(fields, 'nick', line);
  const minute = readMinute(fields['minute'], line);
  const wordless = (kind === 'join' || kind === 'leave') && fields['text'] === undefined;
  const text = wordless ? '' : readText(fields, 'text', line);
  return { line, minute, nick, kind, text };
}

function parseObject(json: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new LogError('is not JSON', line);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LogError('is not a JSON object', line);
  }
  return value as Record<string, unknown>;
}

function readText(fields: Record<string, unknown>, name: string, line: number): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new LogError(`${name} must be a string`, line);
  return value;
}

function readMinute(value: unknown, line: number): number {
  const clock = typeof value === 'string' ? CLOCK.exec(value) : null;
  if (clock === null) throw new LogError('minute must be a time such as 04:46', line);
  return Number(clock[1]) * 60 + Number(clock[2]);
}
