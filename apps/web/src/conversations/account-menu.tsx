import { Menu, Skeleton, UnstyledButton, VisuallyHidden } from '@mantine/core';
import type { ProfileView } from '@parley/contracts';
import { GearIcon, QuestionIcon, SignOutIcon } from '@primer/octicons-react';
import { useLocation } from 'wouter';
import { showShortcuts } from '../app/shortcuts.js';
import { logout } from '../session/session.js';
import { Avatar } from '../shared/avatar.js';
import { showError } from '../shared/errors.js';
import classes from './account-menu.module.css';

/** Oneself, and what one can do about it. */
export function AccountMenu({ me }: { me: ProfileView | null }) {
  const [, navigate] = useLocation();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <VisuallyHidden>Account</VisuallyHidden>
          {me === null ? (
            <Skeleton circle height={40} />
          ) : (
            <>
              <Avatar id={me.id} name={me.displayName} />
              <span className={classes.names}>
                <bdi className={classes.name}>{me.displayName}</bdi>
                <span className={classes.username}>@{me.username}</span>
              </span>
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<GearIcon />} onClick={() => navigate('/settings/profile')}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={<QuestionIcon />} onClick={showShortcuts}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon />} onClick={() => void logout().catch(showError)}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
