import { Suspense, useState, type ReactNode } from 'react';

/**
 * Draws a part of the page, and with it asks for its code, when it is wanted for the first time. Afterwards it
 * stays, so that a dialog can be seen to close.
 */
export function Lazily({ when, children }: { when: boolean; children: ReactNode }) {
  const [wasWanted, setWanted] = useState(when);
  if (when && !wasWanted) setWanted(true);
  return wasWanted || when ? <Suspense fallback={null}>{children}</Suspense> : null;
}
