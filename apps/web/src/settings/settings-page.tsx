import { ActionIcon, Skeleton } from '@mantine/core';
import { ArrowLeftIcon } from '@primer/octicons-react';
import { Link } from 'wouter';
import { client } from '../session/client.js';
import { useStore } from '../shared/use-store.js';
import { AppearanceSettings } from './appearance-settings.js';
import { ProfileSettings } from './profile-settings.js';
import { SecuritySettings } from './security-settings.js';
import classes from './settings-page.module.css';

const SECTIONS = [
  { id: 'profile', label: 'Profile' },
  { id: 'appearance', label: 'Appearance' },
  { id: 'security', label: 'Security' },
] as const;

export function SettingsPage({ section }: { section: string | undefined }) {
  const me = useStore(client.me);
  const open = SECTIONS.find(({ id }) => id === section)?.id ?? 'profile';
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <ActionIcon
          component={Link}
          href="/"
          variant="subtle"
          color="gray"
          size="lg"
          c="inherit"
          aria-label="Back to conversations"
        >
          <ArrowLeftIcon />
        </ActionIcon>
        <h1 className={classes.title}>Settings</h1>
      </header>
      <nav className={classes.sections} aria-label="Settings">
        {SECTIONS.map(({ id, label }) => (
          <Link
            key={id}
            href={`/settings/${id}`}
            className={classes.section}
            aria-current={id === open ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className={classes.content}>
        {open === 'appearance' && <AppearanceSettings />}
        {open === 'security' && <SecuritySettings />}
        {open === 'profile' && (me === null ? <Skeleton height={120} /> : <ProfileSettings me={me} />)}
      </div>
    </div>
  );
}
