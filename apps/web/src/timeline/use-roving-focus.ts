import { useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';

/** With the arrow keys from message to message. The focused one stays in the page when it is scrolled away. */
export function useRovingFocus(
  count: number,
  handle: RefObject<VirtualizerHandle | null>,
  scroller: RefObject<HTMLDivElement | null>,
) {
  const [focused, setFocused] = useState<number | null>(null);

  const focus = (index: number): void => {
    setFocused(index);
    handle.current?.scrollToIndex(index, { align: 'nearest' });
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
    });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = STEPS[event.key];
    const isHere = event.target === event.currentTarget;
    const message = event.target instanceof Element && event.target.matches('[data-index]') ? event.target : null;
    if (step === undefined || count === 0 || (!isHere && message === null)) return;
    event.preventDefault();
    const from = message === null ? count : Number(message.getAttribute('data-index'));
    focus(Math.max(0, Math.min(count - 1, step(from, count))));
  };

  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    const message = event.target.closest('[data-index]');
    if (message !== null) setFocused(Number(message.getAttribute('data-index')));
  };

  return { focused, onKeyDown, onFocus };
}

const STEPS: Record<string, ((from: number, count: number) => number) | undefined> = {
  ArrowUp: (from) => from - 1,
  ArrowDown: (from) => from + 1,
  Home: () => 0,
  End: (_from, count) => count - 1,
};
