import { Button, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { LIMITS, type ProfileView } from '@parley/contracts';
import { useState } from 'react';
import { client } from '../session/client.js';
import { showError, toFieldErrors, toSentence } from '../shared/errors.js';
import { useSubmit } from '../shared/use-submit.js';
import { BlockedPeople } from './blocked-people.js';
import classes from './settings-page.module.css';

export function ProfileSettings({ me }: { me: ProfileView }) {
  const privacy = useSubmit();
  return (
    <>
      <section className={classes.block}>
        <NameForm key={me.updatedAt} me={me} />
      </section>
      <section className={classes.block}>
        <h2>Privacy</h2>
        <Switch
          label="Send read receipts"
          description="Others see how far you have read"
          checked={me.readReceipts}
          disabled={privacy.isRunning}
          onChange={(event) => {
            const readReceipts = event.currentTarget.checked;
            void privacy.run(() => client.updateProfile({ readReceipts }).catch(showError));
          }}
        />
      </section>
      <section className={classes.block}>
        <h2>Blocked people</h2>
        <BlockedPeople />
      </section>
    </>
  );
}

function NameForm({ me }: { me: ProfileView }) {
  const [name, setName] = useState(me.displayName);
  const { run, isRunning, error } = useSubmit();
  const refusal = error === null ? null : (toFieldErrors(error)['displayName'] ?? toSentence(error));
  const save = async (): Promise<void> => {
    await client.updateProfile({ displayName: name.trim() });
    notifications.show({ message: 'Your name is changed.' });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(save);
      }}
    >
      <TextInput label="Username" value={me.username} readOnly variant="filled" />
      <TextInput
        label="Display name"
        description="What others see"
        required
        withAsterisk={false}
        maxLength={LIMITS.displayNameMax}
        autoComplete="name"
        value={name}
        error={refusal}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" loading={isRunning} disabled={name.trim() === '' || name.trim() === me.displayName}>
        Save
      </Button>
    </form>
  );
}
