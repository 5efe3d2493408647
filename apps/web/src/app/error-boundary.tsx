import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import classes from './starting-page.module.css';

/**
 * What is shown when a part of the page cannot be drawn: a mistake of ours, or code that could not be loaded
 * because the network is gone or the server has a newer page. Nothing is lost: unsent messages are stored.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className={classes.page}>
        <div role="alert" className={classes.failure}>
          <h1>This page could not be shown</h1>
          <p>What you have written is kept. Loading the page again usually helps.</p>
          <Button onClick={() => location.reload()}>Load again</Button>
        </div>
      </main>
    );
  }
}
