/**
 * What was written and not sent, by conversation and person: it survives a reload. Where the storage is full or
 * forbidden a draft lasts as long as the page shows it.
 */
const PREFIX = 'parley-web:draft:';

function keyOf(userId: string, conversationId: string): string {
  return `${PREFIX}${userId}:${conversationId}`;
}

export function readDraft(userId: string, conversationId: string): string {
  try {
    return localStorage.getItem(keyOf(userId, conversationId)) ?? '';
  } catch {
    return '';
  }
}

export function keepDraft(userId: string, conversationId: string, text: string): void {
  try {
    const key = keyOf(userId, conversationId);
    if (text.trim() === '') localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // It stays on the page.
  }
}

/** Of everybody who has written here: after a logout nothing is left. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // There are none.
  }
}
