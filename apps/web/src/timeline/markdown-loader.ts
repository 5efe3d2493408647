import type { Store } from '@parley/client';
import { localStore } from '../shared/local-store.js';

type ToHtml = (text: string, names: ReadonlySet<string>) => string;

const loaded = localStore<ToHtml | null>(null);

/**
 * What makes HTML of a message; null until its code has come, and then messages are plain text. Parser and
 * sanitizer are a quarter of the code: the page is drawn before they are there.
 */
export const markdown: Store<ToHtml | null> = loaded;

import('./markdown.js').then(
  ({ toHtml }) => loaded.set(toHtml),
  // Plain text is readable, too.
  () => undefined,
);
