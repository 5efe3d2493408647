import { Button, PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ParleyError } from '@parley/client';
import { LIMITS } from '@parley/contracts';
import { useState } from 'react';
import { client } from '../session/client.js';
import { toFieldErrors, toSentence } from '../shared/errors.js';
import { useSubmit } from '../shared/use-submit.js';

export function PasswordForm() {
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const { run, isRunning, error } = useSubmit();
  const { current, fresh } = toRefusals(error);

  const save = async (): Promise<void> => {
    await client.changePassword({ currentPassword, newPassword });
    setCurrent('');
    setNew('');
    notifications.show({ message: 'Your password is changed. Your other devices have to log in again.' });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(save);
      }}
    >
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={currentPassword}
        error={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label="New password"
        description={`At least ${LIMITS.passwordMin} characters; your other sessions end`}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={LIMITS.passwordMin}
        value={newPassword}
        error={fresh}
        onChange={(event) => setNew(event.currentTarget.value)}
      />
      <Button type="submit" loading={isRunning}>
        Change password
      </Button>
    </form>
  );
}

function toRefusals(error: unknown): { current: string | null; fresh: string | null } {
  if (error === null) return { current: null, fresh: null };
  if (error instanceof ParleyError && error.code === 'credentials_invalid') {
    return { current: 'This is not your password.', fresh: null };
  }
  return { current: null, fresh: toFieldErrors(error)['newPassword'] ?? toSentence(error) };
}
