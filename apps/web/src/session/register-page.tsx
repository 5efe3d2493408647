import { Button, PasswordInput, TextInput } from '@mantine/core';
import { LIMITS } from '@parley/contracts';
import { useState } from 'react';
import { toFieldErrors, toSentence } from '../shared/errors.js';
import { useSubmit } from '../shared/use-submit.js';
import { AuthPage } from './auth-page.js';
import classes from './auth-page.module.css';
import { register } from './session.js';

export function RegisterPage({ next }: { next: string }) {
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const { run, isRunning, error } = useSubmit();
  const fields = toFieldErrors(error);
  const isAboutFields = Object.keys(fields).length > 0;
  return (
    <AuthPage
      title="Create account"
      alert={error === null || isAboutFields ? null : toSentence(error)}
      other={{
        question: 'Have an account?',
        label: 'Log in',
        href: next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`,
      }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const name = displayName.trim();
          void run(() => register({ username: username.trim(), password, ...(name !== '' && { displayName: name }) }));
        }}
      >
        <TextInput
          label="Username"
          description={`${LIMITS.usernameMin} to ${LIMITS.usernameMax} letters, digits, dots, dashes or underscores`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          withAsterisk={false}
          minLength={LIMITS.usernameMin}
          maxLength={LIMITS.usernameMax}
          value={username}
          error={fields['username']}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <TextInput
          label="Display name"
          description="What others see; you can leave it empty"
          autoComplete="name"
          maxLength={LIMITS.displayNameMax}
          value={displayName}
          error={fields['displayName']}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          description={`At least ${LIMITS.passwordMin} characters`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={LIMITS.passwordMin}
          value={password}
          error={fields['password']}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={isRunning} mt="xs">
          Create account
        </Button>
      </form>
    </AuthPage>
  );
}
