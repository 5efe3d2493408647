import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { logout } from '../session/session.js';
import { Confirm } from '../shared/confirm.js';
import { showError } from '../shared/errors.js';
import { PasswordForm } from './password-form.js';
import { SessionList } from './session-list.js';
import classes from './settings-page.module.css';

export function SecuritySettings() {
  const [isAsking, asking] = useDisclosure(false);
  return (
    <>
      <section className={classes.block}>
        <h2>Password</h2>
        <PasswordForm />
      </section>
      <section className={classes.block}>
        <h2>Sessions</h2>
        <SessionList />
        <div className={classes.row}>
          <Button variant="default" onClick={() => void logout().catch(showError)}>
            Log out
          </Button>
          <Button variant="default" c="red" onClick={asking.open}>
            Log out everywhere
          </Button>
        </div>
      </section>
      <Confirm
        isOpen={isAsking}
        title="Log out everywhere?"
        text="All your devices have to log in again, this one too. Messages that are not sent yet are lost here."
        action="Log out"
        onConfirm={() => logout({ everywhere: true })}
        onClose={asking.close}
      />
    </>
  );
}
