import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { toSentence } from '../shared/errors.js';
import { useSubmit } from '../shared/use-submit.js';
import { AuthPage } from './auth-page.js';
import classes from './auth-page.module.css';
import { login } from './session.js';

export function LoginPage({ next, hasEnded }: { next: string; hasEnded: boolean }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { run, isRunning, error } = useSubmit();
  return (
    <AuthPage
      title="Log in"
      notice={hasEnded && error === null ? 'Your session has ended. Log in again to go on.' : null}
      alert={error === null ? null : toSentence(error)}
      other={{
        question: 'New here?',
        label: 'Create account',
        href: next === '/' ? '/register' : `/register?next=${encodeURIComponent(next)}`,
      }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void run(() => login({ username: username.trim(), password }));
        }}
      >
        <TextInput
          label="Username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={isRunning} mt="xs">
          Log in
        </Button>
      </form>
    </AuthPage>
  );
}
