/**
 * Why the server ends a connection. Each entry says whether the client may come back and after how
 * many milliseconds, and the same goes over the wire, so a client can act on a reason that it has
 * never seen.
 */
export const DISCONNECTS = {
  /** The session was revoked, logged out or its password changed: log in again. */
  session_revoked: { mayReconnect: false, retryInMs: null },
  /** The access token ran out: refresh it, then come back. */
  token_expired: { mayReconnect: true, retryInMs: 0 },
  /** The server restarts. */
  server_draining: { mayReconnect: true, retryInMs: 1_000 },
  /** The client read too slowly: come back and catch up. */
  slow_consumer: { mayReconnect: true, retryInMs: 1_000 },
  /** The client broke the protocol again and again. */
  protocol_abuse: { mayReconnect: false, retryInMs: null },
  /** The server could not make sure of this connection's rights: come back. */
  state_uncertain: { mayReconnect: true, retryInMs: 500 },
} as const satisfies Record<string, { mayReconnect: boolean; retryInMs: number | null }>;

export type DisconnectReason = keyof typeof DISCONNECTS;
