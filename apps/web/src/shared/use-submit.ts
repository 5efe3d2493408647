import { useState } from 'react';

export interface Submission {
  /** Runs at most once at a time; keeps what it rejects with. Resolves to whether it worked. */
  readonly run: (task: () => Promise<unknown>) => Promise<boolean>;
  readonly isRunning: boolean;
  readonly error: unknown;
}

/** What a form or a button does: under way, failed, or neither. */
export function useSubmit(): Submission {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const run = async (task: () => Promise<unknown>): Promise<boolean> => {
    if (isRunning) return false;
    setRunning(true);
    setError(null);
    try {
      await task();
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      setRunning(false);
    }
  };
  return { run, isRunning, error };
}
