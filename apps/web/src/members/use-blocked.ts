import type { UserView } from '@parley/contracts';
import { useCallback, useEffect, useState } from 'react';
import { client } from '../session/client.js';

export interface Blocked {
  /** Null until they are known. */
  readonly people: readonly UserView[] | null;
  readonly reload: () => Promise<void>;
}

/** Those whom this person blocks. */
export function useBlocked(): Blocked {
  const [people, setPeople] = useState<readonly UserView[] | null>(null);
  const reload = useCallback(
    () =>
      listAll().then(setPeople, () => {
        // It stays unknown, and the switch of no use, until the page is opened again.
      }),
    [],
  );
  useEffect(() => {
    void reload();
  }, [reload]);
  return { people, reload };
}

async function listAll(): Promise<readonly UserView[]> {
  const people: UserView[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await client.users.listBlocked(cursor === undefined ? {} : { cursor });
    people.push(...page.items);
    cursor = page.nextCursor;
  }
  return people;
}
