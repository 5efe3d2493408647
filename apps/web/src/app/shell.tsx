import { lazy, Suspense } from 'react';
import { Route, Switch, useRoute } from 'wouter';
import { Sidebar } from '../conversations/sidebar.js';
import { client } from '../session/client.js';
import { PartBoundary } from '../shared/part-boundary.js';
import { useStore } from '../shared/use-store.js';
import { ConversationPage } from '../timeline/conversation-page.js';
import { TimelineSkeletons } from '../timeline/timeline-skeletons.js';
import { Announcer } from './announcer.js';
import { ConnectionBanner } from './connection-banner.js';
import classes from './shell.module.css';
import { Shortcuts } from './shortcuts.js';
import { StartingPage } from './starting-page.js';
import { useAway } from './use-away.js';
import { useDocumentTitle } from './use-document-title.js';
import { usePrefetch } from './use-prefetch.js';
import { Welcome } from './welcome.js';

/** Few open them, and none at first. */
const SettingsPage = lazy(async () => ({ default: (await import('../settings/settings-page.js')).SettingsPage }));

/** Everything for somebody who is logged in: the list, and what is open. */
export function Shell() {
  const me = useStore(client.me);
  const [, params] = useRoute('/c/:id/*?');
  const [isHome] = useRoute('/');
  const [isSettings] = useRoute('/settings/*?');
  const openId = params?.id ?? null;
  useDocumentTitle(me, openId);
  useAway();
  usePrefetch();
  return (
    <div className={classes.shell} data-pane={isHome ? 'list' : 'content'}>
      <ConnectionBanner />
      <div className={classes.list}>
        <Sidebar me={me} openId={openId} />
      </div>
      <main className={classes.content}>
        <PartBoundary key={openId ?? (isSettings ? 'settings' : 'home')}>
          <Suspense fallback={<StartingPage />}>
            <Switch>
              <Route path="/c/:id/m/:seq">
                {({ id, seq }) => <OpenConversation id={id} seq={/^\d{1,15}$/.test(seq) ? Number(seq) : null} />}
              </Route>
              <Route path="/c/:id">{({ id }) => <OpenConversation id={id} seq={null} />}</Route>
              <Route path="/settings/:section?">{({ section }) => <SettingsPage section={section} />}</Route>
              <Route>
                <Welcome />
              </Route>
            </Switch>
          </Suspense>
        </PartBoundary>
      </main>
      <Announcer me={me} />
      <Shortcuts />
    </div>
  );
}

function OpenConversation({ id, seq }: { id: string; seq: number | null }) {
  const me = useStore(client.me);
  if (me === null) return <TimelineSkeletons />;
  return <ConversationPage key={id} conversationId={id} seq={seq} me={me} />;
}
