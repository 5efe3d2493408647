import { Switch } from '@mantine/core';
import { useState } from 'react';
import { client } from '../session/client.js';
import { showError } from '../shared/errors.js';
import { useBlocked } from './use-blocked.js';

/** Whether one wants nothing of somebody. */
export function BlockSwitch({ userId, name }: { userId: string; name: string }) {
  const { people, reload } = useBlocked();
  const [isChanging, setChanging] = useState(false);
  const isBlocked = people?.some(({ id }) => id === userId) ?? false;

  const change = async (): Promise<void> => {
    setChanging(true);
    try {
      await (isBlocked ? client.users.unblock(userId) : client.users.block(userId));
      await reload();
    } catch (error) {
      showError(error);
    } finally {
      setChanging(false);
    }
  };
  return (
    <Switch
      label={`Block ${name}`}
      description="Neither of you can write to the other alone, or sees whether the other is there"
      checked={isBlocked}
      disabled={people === null || isChanging}
      onChange={() => void change()}
    />
  );
}
