import { Alert, Anchor, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import classes from './auth-page.module.css';

export interface AuthPageProps {
  title: string;
  notice?: string | null;
  alert: string | null;
  other: { question: string; label: string; href: string };
  children: ReactNode;
}

/** The frame of the two pages in front of the door. */
export function AuthPage({ title, notice = null, alert, other, children }: AuthPageProps) {
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <header className={classes.brand}>
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <Text size="xl" fw={700}>
            Parley
          </Text>
        </header>
        <Paper withBorder radius="md" p="xl">
          <Title order={1} size="h3" mb="md">
            {title}
          </Title>
          {notice !== null && (
            <Alert color="yellow" role="status" mb="md" className={classes.notice}>
              {notice}
            </Alert>
          )}
          {alert !== null && (
            <Alert color="red" role="alert" mb="md" className={classes.alert}>
              {alert}
            </Alert>
          )}
          {children}
        </Paper>
        <Text size="sm" ta="center">
          {other.question}{' '}
          <Anchor component={Link} href={other.href} underline="always">
            {other.label}
          </Anchor>
        </Text>
      </div>
    </main>
  );
}
