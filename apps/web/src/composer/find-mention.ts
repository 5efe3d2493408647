/** A name that is being typed: where it begins, at the `@`, and what there is of it. */
export interface OpenMention {
  readonly start: number;
  readonly query: string;
}

/** The mention in which the caret stands, if it stands in one. */
export function findMention(text: string, caret: number): OpenMention | null {
  const match = /(?:^|[\s([{"'*_~>-])@([\p{L}\p{N}_.-]*)$/u.exec(text.slice(0, caret));
  const query = match?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

export interface Candidate {
  readonly username: string;
  readonly displayName: string;
  /** Null for everybody at once. */
  readonly userId: string | null;
}

const SHOWN_MAX = 8;

/** Those whose username, or a word of whose name, begins with what was typed; nobody when it is complete. */
export function findCandidates(candidates: readonly Candidate[], query: string): readonly Candidate[] {
  const wanted = query.toLocaleLowerCase();
  const matches = ({ username, displayName }: Candidate): boolean =>
    [username, ...displayName.split(/\s+/)].some((word) => word.toLocaleLowerCase().startsWith(wanted));
  const found = candidates.filter(matches).slice(0, SHOWN_MAX);
  const isComplete = found.length === 1 && found[0]?.username.toLocaleLowerCase() === wanted;
  return isComplete ? [] : found;
}
