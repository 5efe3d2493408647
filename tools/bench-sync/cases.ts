import { LIMITS, type SyncReply } from '@parley/contracts';

/** Numbers that somebody is behind who missed something. */
const BEHIND = 20;
const CHANGED = 10;
/** Few conversations; one page of the list; and, for comparison, conversations with hardly anything in them. */
export const FEW = 3;
export const PAGE = LIMITS.listPageDefault;
export const SHORT = 10;

/** One question, asked again and again. */
export interface BenchCase {
  name: string;
  reader: 'few' | 'page' | 'short' | 'many';
  cursors: Record<string, number>;
  /** Whether this is the answer that was meant to be measured. */
  isExpected: (reply: SyncReply) => boolean;
}

export interface Seeded {
  /** The conversations of `many`, of which `few` and `page` have the first ones. */
  long: readonly string[];
  short: readonly string[];
  messages: number;
}

/** What is measured; everything is compared with the first. */
export function listCases(seeded: Seeded): BenchCase[] {
  return [...casesOfNothingMissed(seeded), ...casesOfSomethingMissed(seeded)];
}

function casesOfNothingMissed({ long, short, messages }: Seeded): BenchCase[] {
  const isExpected = ({ updates, more }: SyncReply): boolean => updates.length === 0 && !more;
  const of = (reader: BenchCase['reader'], ids: readonly string[], head: number): BenchCase => ({
    name: `${ids.length} conversations of ${head} messages, nothing missed`,
    reader,
    cursors: cursorsOf(ids, head),
    isExpected,
  });
  return [
    of('few', long.slice(0, FEW), messages),
    of('page', long.slice(0, PAGE), messages),
    of('short', short, SHORT),
    of('many', long, messages),
  ];
}

function casesOfSomethingMissed({ long, messages }: Seeded): BenchCase[] {
  const of = (kind: 'delta' | 'reset', by: number): BenchCase => ({
    name: `the last, but ${CHANGED} of them are ${by} numbers behind (${kind})`,
    reader: 'many',
    cursors: cursorsOf(long, messages, CHANGED, by),
    isExpected: ({ updates, more }) =>
      updates.length === CHANGED && updates.every((update) => update.kind === kind) && !more,
  });
  return [of('delta', BEHIND), of('reset', LIMITS.syncDeltaMax + 1)];
}

/** As many cursors as one may ask with; `changed` of them, spread over all, so far behind. */
function cursorsOf(ids: readonly string[], head: number, changed = 0, by = 0): Record<string, number> {
  const asked = ids.slice(0, LIMITS.syncCursorsMax);
  const step = Math.floor(asked.length / Math.max(1, changed));
  return Object.fromEntries(
    asked.map((id, index) => [id, index % step === 0 && index / step < changed ? head - by : head]),
  );
}
