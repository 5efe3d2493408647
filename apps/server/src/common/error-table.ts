import type { ErrorCode, Problem } from '@parley/contracts';
import type { DomainError } from './domain-error.js';

interface ErrorRow {
  status: number;
  title: string;
  retryable: boolean;
}

/** What each code is on the wire. A code without a row does not compile. */
export const ERROR_TABLE: Record<ErrorCode, ErrorRow> = {
  validation_failed: { status: 400, title: 'The input is not valid', retryable: false },
  request_malformed: { status: 400, title: 'The request cannot be read', retryable: false },
  payload_too_large: { status: 413, title: 'The request is too large', retryable: false },
  media_type_unsupported: { status: 415, title: 'The media type is not supported', retryable: false },
  route_not_found: { status: 404, title: 'There is no such route', retryable: false },
  command_unknown: { status: 404, title: 'There is no such command', retryable: false },
  origin_forbidden: { status: 403, title: 'The origin is not allowed', retryable: false },
  token_missing: { status: 401, title: 'An access token is required', retryable: false },
  token_invalid: { status: 401, title: 'The access token is not valid', retryable: false },
  token_expired: { status: 401, title: 'The access token has expired', retryable: false },
  session_ended: { status: 401, title: 'The session has ended', retryable: false },
  credentials_invalid: { status: 401, title: 'The username or password is wrong', retryable: false },
  refresh_token_invalid: { status: 401, title: 'The refresh token is not valid', retryable: false },
  refresh_token_reused: { status: 401, title: 'The refresh token was used before', retryable: false },
  username_taken: { status: 409, title: 'The username is taken', retryable: false },
  session_not_found: { status: 404, title: 'There is no such session', retryable: false },
  user_not_found: { status: 404, title: 'There is no such user', retryable: false },
  user_blocked: { status: 403, title: 'These people cannot talk directly', retryable: false },
  conversation_not_found: { status: 404, title: 'There is no such conversation', retryable: false },
  conversation_kind_mismatch: { status: 409, title: 'This kind of conversation cannot do that', retryable: false },
  member_not_found: { status: 404, title: 'There is no such member', retryable: false },
  member_limit_reached: { status: 409, title: 'The group is full', retryable: false },
  owner_required: { status: 409, title: 'A group needs an owner', retryable: false },
  action_forbidden: { status: 403, title: 'The role does not allow that', retryable: false },
  message_not_found: { status: 404, title: 'There is no such message', retryable: false },
  message_deleted: { status: 409, title: 'The message was deleted', retryable: false },
  version_conflict: { status: 409, title: 'The message has another version by now', retryable: false },
  reaction_limit_reached: { status: 409, title: 'The message has too many kinds of reaction', retryable: false },
  reply_target_not_found: { status: 422, title: 'There is no such message to answer', retryable: false },
  client_id_reused: { status: 409, title: 'The client id stands for another message', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  too_many_in_flight: { status: 429, title: 'Too many commands or requests in flight', retryable: true },
  server_busy: { status: 503, title: 'The server is busy', retryable: true },
  server_draining: { status: 503, title: 'The server is going away', retryable: true },
  service_unavailable: { status: 503, title: 'The service is unavailable', retryable: true },
  outcome_unknown: { status: 503, title: 'The outcome is not known', retryable: true },
  internal_error: { status: 500, title: 'The server failed', retryable: false },
};

/** The body that goes out, on REST and in an ack alike. */
export function toProblem(error: DomainError, requestId: string): Problem {
  const row = ERROR_TABLE[error.code];
  return {
    type: `/problems/${error.code}`,
    title: row.title,
    status: row.status,
    code: error.code,
    detail: error.message,
    retryable: row.retryable,
    ...(error.details.retryInMs === undefined ? {} : { retryInMs: error.details.retryInMs }),
    ...(error.details.errors === undefined ? {} : { errors: error.details.errors }),
    requestId,
  };
}
