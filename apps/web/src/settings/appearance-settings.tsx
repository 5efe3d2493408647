import { Radio, Stack, Switch, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { setWantsNotifications, wantsNotifications } from '../shared/preferences.js';
import { useStore } from '../shared/use-store.js';
import classes from './settings-page.module.css';

/** How this device shows Parley. */
export function AppearanceSettings() {
  // Without transitions means with a style element, which the policy of the page does not allow.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <>
      <section className={classes.block}>
        <Radio.Group label="Theme" value={colorScheme} onChange={(value) => setColorScheme(value)}>
          <Stack gap="xs" mt="xs">
            <Radio value="auto" label="System" />
            <Radio value="light" label="Light" />
            <Radio value="dark" label="Dark" />
          </Stack>
        </Radio.Group>
      </section>
      <section className={classes.block}>
        <NotificationSwitch />
      </section>
    </>
  );
}

function NotificationSwitch() {
  const isWanted = useStore(wantsNotifications);
  const isSupported = 'Notification' in window;
  const [permission, setPermission] = useState(isSupported ? Notification.permission : 'denied');

  const change = async (wanted: boolean): Promise<void> => {
    if (wanted && permission === 'default') setPermission(await Notification.requestPermission());
    setWantsNotifications(wanted && Notification.permission === 'granted');
  };
  return (
    <Switch
      label="Desktop notifications"
      description={
        permission === 'denied'
          ? 'Your browser does not allow them: change that in its settings for this page.'
          : 'When a message comes and this page is not in sight'
      }
      disabled={permission === 'denied'}
      checked={isWanted && permission === 'granted'}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
