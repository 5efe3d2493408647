import './mantine.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch, useLocation, useSearchParams } from 'wouter';
import { session } from '../session/session.js';
import { useStore } from '../shared/use-store.js';
import { ErrorBoundary } from './error-boundary.js';
import { StartingPage } from './starting-page.js';
import { theme } from './theme.js';

/** A visitor does not wait for what members need, nor the other way round. */
const LoginPage = lazy(async () => ({ default: (await import('../session/login-page.js')).LoginPage }));
const RegisterPage = lazy(async () => ({ default: (await import('../session/register-page.js')).RegisterPage }));
const Shell = lazy(async () => ({ default: (await import('./shell.js')).Shell }));

/** The page: who is not logged in sees how to, everybody else the shell. */
export function App() {
  return (
    // No style elements: the policy of the page has no place for them.
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Notifications position="top-center" limit={3} />
      <ErrorBoundary>
        <Suspense fallback={<StartingPage />}>
          <Pages />
        </Suspense>
      </ErrorBoundary>
    </MantineProvider>
  );
}

function Pages() {
  const state = useStore(session);
  if (state === 'starting') return <StartingPage />;
  return state === 'open' ? <PagesOfMember /> : <PagesOfVisitor hasEnded={state === 'ended'} />;
}

function PagesOfVisitor({ hasEnded }: { hasEnded: boolean }) {
  const [path] = useLocation();
  const [search] = useSearchParams();
  const next = search.get('next') ?? (isDoor(path) ? '/' : path);
  return (
    <Switch>
      <Route path="/register">
        <RegisterPage next={next} />
      </Route>
      <Route path="/login">
        <LoginPage next={next} hasEnded={hasEnded} />
      </Route>
      <Route>
        <Redirect to={toLogin(path)} replace />
      </Route>
    </Switch>
  );
}

function PagesOfMember() {
  const [search] = useSearchParams();
  const next = search.get('next');
  // Only a path of this page: an address of somebody else would be a trap.
  const to = next !== null && /^\/(?![/\\])/.test(next) ? next : '/';
  return (
    <Switch>
      <Route path="/login">
        <Redirect to={to} replace />
      </Route>
      <Route path="/register">
        <Redirect to={to} replace />
      </Route>
      <Route>
        <Shell />
      </Route>
    </Switch>
  );
}

function isDoor(path: string): boolean {
  return path === '/login' || path === '/register';
}

function toLogin(path: string): string {
  return path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`;
}
