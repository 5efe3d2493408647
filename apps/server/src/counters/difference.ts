/** A number that is not what a recount says. */
export interface Difference {
  /** Of whom or what, as ids. */
  place: string;
  what: string;
  shown: unknown;
  recounted: unknown;
}
