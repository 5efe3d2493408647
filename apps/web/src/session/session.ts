import type { ConnectionSnapshot, Store } from '@parley/client';
import type { Login, Register } from '@parley/contracts';
import { localStore } from '../shared/local-store.js';
import { forgetDrafts } from '../composer/drafts.js';
import { client } from './client.js';

/**
 * Whether somebody is logged in: `starting` until the storage has been asked, which no network is needed for;
 * `ended` is `anonymous` after the server has ended the session.
 */
export type SessionState = 'starting' | 'anonymous' | 'ended' | 'open';

const state = localStore<SessionState>('starting');

export const session: Store<SessionState> = state;

/** Goes on with the session of an earlier visit, if there is one. */
export async function startSession(): Promise<void> {
  client.connection.subscribe(noticeEnd);
  const isOpen = await client.resume().catch(() => false);
  state.set(isOpen ? 'open' : 'anonymous');
}

/** @throws ParleyError `credentials_invalid`, `rate_limited` */
export async function login(input: Login): Promise<void> {
  await client.login(input);
  state.set('open');
}

/** @throws ParleyError `username_taken`, `validation_failed` */
export async function register(input: Register): Promise<void> {
  await client.register(input);
  state.set('open');
}

/** Ends the session; whoever sits here next finds nothing of it. */
export async function logout({ everywhere = false }: { everywhere?: boolean } = {}): Promise<void> {
  await (everywhere ? client.logoutAll() : client.logout());
  forgetDrafts();
  state.set('anonymous');
}

function noticeEnd(): void {
  if (state.getSnapshot() === 'open' && hasEnded(client.connection.getSnapshot())) state.set('ended');
}

/** The client stays away for good only when it was told so, or has no session to come back with. */
function hasEnded({ state: connection, reason, error }: ConnectionSnapshot): boolean {
  return connection === 'offline' && (reason === 'session_revoked' || error?.code === 'not_logged_in');
}
