/** Where a timeline shall be brought to. A new object is a new wish, also for the same place. */
export type Target =
  | { readonly kind: 'latest' }
  /** The first message that is new, `after` the last that is not. */
  | { readonly kind: 'unread'; readonly after: number; readonly count: number }
  | { readonly kind: 'message'; readonly seq: number };
