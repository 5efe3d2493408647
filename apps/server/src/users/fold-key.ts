/** Folds a name or a search for comparison: `Ａda` and `ada` are the same. */
export function foldKey(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
