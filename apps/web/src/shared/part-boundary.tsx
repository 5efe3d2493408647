import { notifications } from '@mantine/notifications';
import { Component, type ReactNode } from 'react';

/** Around a part whose code comes later: when it cannot be loaded, the rest of the page goes on without it. */
export class PartBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(): void {
    notifications.show({
      color: 'red',
      title: 'That could not be loaded',
      message: 'Load the page again when you are online. What you have written is kept.',
    });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children;
  }
}
