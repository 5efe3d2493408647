import { useEffect } from 'react';

/** So long after the page has been drawn nobody waits for anything else. */
const AFTER_MS = 10_000;

/** What comes when it is wanted for the first time is fetched before: then there may be no network. */
export function usePrefetch(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const parts = [
        import('../conversations/new-conversation.js'),
        import('../members/details.js'),
        import('../settings/settings-page.js'),
        import('../shared/emoji-picker.js'),
        import('../timeline/delete-message.js'),
        import('./shortcut-list.js'),
      ];
      void Promise.allSettled(parts);
    }, AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}
