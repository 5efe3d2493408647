import { lazy, useEffect } from 'react';
import { useLocation } from 'wouter';
import { Lazily } from '../shared/lazily.js';
import { localStore } from '../shared/local-store.js';
import { useStore } from '../shared/use-store.js';
import { findAction } from './shortcut-keys.js';

const ShortcutList = lazy(async () => ({ default: (await import('./shortcut-list.js')).ShortcutList }));

const isOpen = localStore(false);

export function showShortcuts(): void {
  isOpen.set(true);
}

/** Does what the key does: elements say with `data-shortcut` that they are meant. */
export function pressShortcut(name: 'new' | 'search'): void {
  const element = document.querySelector<HTMLElement>(`[data-shortcut="${name}"]`);
  if (element instanceof HTMLInputElement) element.focus();
  else element?.click();
}

/** The keys that work everywhere, and the list of all of them. */
export function Shortcuts() {
  const isShown = useStore(isOpen);
  const [, navigate] = useLocation();

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const action = findAction(event);
      if (action === null || document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      if (action === 'help') showShortcuts();
      else if (action === 'next' || action === 'previous') stepConversation(action === 'next' ? 1 : -1);
      else if (action === 'settings') navigate('/settings/profile');
      else if (action === 'compose') document.querySelector<HTMLElement>('form textarea')?.focus();
      else if (action === 'messages') document.querySelector<HTMLElement>('[role="log"]')?.focus();
      else pressShortcut(action);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate]);

  return (
    <Lazily when={isShown}>{(opened) => <ShortcutList isOpen={opened} onClose={() => isOpen.set(false)} />}</Lazily>
  );
}

/** To the neighbour of the open conversation, in the order of the list. */
function stepConversation(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('a[data-conversation]')];
  const current = links.findIndex((link) => link.getAttribute('aria-current') === 'page');
  const from = current === -1 && step === -1 ? links.length : current;
  links[from + step]?.click();
}
