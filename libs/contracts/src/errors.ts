/**
 * Every way in which Parley refuses something. A code is never reused for another meaning.
 *
 * The same {@link Problem} body travels as the answer of a REST request and in the ack of a socket
 * command, so a client handles an error once, wherever it came from.
 */
export const ERROR_CODES = [
  // The request itself
  'validation_failed',
  'request_malformed',
  'payload_too_large',
  'media_type_unsupported',
  'route_not_found',
  'command_unknown',
  'origin_forbidden',

  // Who is asking
  'token_missing',
  'token_invalid',
  'token_expired',
  'session_ended',
  'credentials_invalid',
  'refresh_token_invalid',
  'refresh_token_reused',
  'username_taken',

  // What is asked for
  'session_not_found',
  'user_not_found',
  'user_blocked',
  'conversation_not_found',
  'conversation_kind_mismatch',
  'member_not_found',
  'member_limit_reached',
  'owner_required',
  'action_forbidden',
  'message_not_found',
  'message_deleted',
  'version_conflict',
  'reaction_limit_reached',
  'reply_target_not_found',
  'client_id_reused',

  // How much is asked for
  'rate_limited',
  'too_many_in_flight',

  // The server's own state
  'server_busy',
  'server_draining',
  'service_unavailable',
  'outcome_unknown',
  'internal_error',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a client finds out by itself. A server never sends these. */
export const CLIENT_ERROR_CODES = [
  /** The server cannot be reached, or the connection broke. */
  'connection_failed',
  /** The server did not answer in time. */
  'answer_missing',
  /** Nobody is logged in. */
  'not_logged_in',
  /** A message was discarded before it was sent. */
  'message_discarded',
] as const;

export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number];

/** One field that was not accepted. `path` is dotted, as in `memberIds.0`. */
export interface FieldError {
  path: string;
  message: string;
}

/**
 * The body of every refusal (RFC 9457 problem details, with Parley's own members).
 *
 * `code` is what a program decides by; `title` and `detail` are for people and may change.
 */
export interface Problem {
  /** A URI reference that names the kind of problem: `/problems/<code>`. */
  type: string;
  title: string;
  /** The HTTP status; in an ack, the status that the REST twin would have answered. */
  status: number;
  code: ErrorCode;
  detail: string;
  /** Whether the same request may succeed when it is repeated unchanged. */
  retryable: boolean;
  /** How long to wait before that, in milliseconds. Equals `Retry-After` on REST. */
  retryInMs?: number;
  errors?: FieldError[];
  /** Names this refusal in the server's log. */
  requestId: string;
}
