import { useEffect } from 'react';
import { client } from '../session/client.js';

/** Tells the others that nobody is looking, when nobody is. */
export function useAway(): void {
  useEffect(() => {
    const tell = (): void => client.setAway(document.visibilityState === 'hidden');
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, []);
}
