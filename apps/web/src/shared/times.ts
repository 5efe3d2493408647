const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const SHORT_DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const SHORT_DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: '2-digit' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const DAY_MS = 86_400_000;

/** `14:05` */
export function toTime(iso: string): string {
  return TIME.format(new Date(iso));
}

/** The same without AM or PM, where there is no room for it. */
export function toClock(iso: string): string {
  const parts = TIME.formatToParts(new Date(iso));
  return parts
    .filter(({ type }) => type !== 'dayPeriod')
    .map(({ value }) => value)
    .join('')
    .trim();
}

/** Everything there is to say of a moment, for tooltips. */
export function toFullTime(iso: string): string {
  return FULL.format(new Date(iso));
}

/** The day in this person's time zone, as a key. */
export function toDayKey(iso: string): string {
  const date = new Date(iso);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** `Today`, `Yesterday`, or the date. */
export function toDay(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const age = daysBetween(date, now);
  if (age === 0) return 'Today';
  if (age === 1) return 'Yesterday';
  return (date.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR).format(date);
}

/** As short as a list wants it: the time, the weekday, or the date. */
export function toShortTime(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const age = daysBetween(date, now);
  if (age === 0) return TIME.format(date);
  if (age < 7) return WEEKDAY.format(date);
  return (date.getFullYear() === now.getFullYear() ? SHORT_DAY : SHORT_DAY_AND_YEAR).format(date);
}

function daysBetween(earlier: Date, later: Date): number {
  const start = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((start(later) - start(earlier)) / DAY_MS);
}
