import { Suspense, useEffect, useState, type ReactNode } from 'react';

import { PartBoundary } from './part-boundary.js';

export interface LazilyProps {
  when: boolean;
  children: (isOpen: boolean) => ReactNode;
}

/**
 * Draws a dialog, and with it asks for its code, when it is wanted for the first time. Afterwards it stays, so
 * that it can be seen to close.
 */
export function Lazily({ when, children }: LazilyProps) {
  const [wasWanted, setWanted] = useState(when);
  if (when && !wasWanted) setWanted(true);
  return wasWanted || when ? (
    <PartBoundary>
      <Suspense fallback={null}>
        <Opening when={when}>{children}</Opening>
      </Suspense>
    </PartBoundary>
  ) : null;
}

/** A dialog gives the focus back only if it was there, closed, before it was opened. */
function Opening({ when, children }: LazilyProps) {
  const [wasDrawn, setDrawn] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setDrawn(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return children(when && wasDrawn);
}
