import { notifications } from '@mantine/notifications';
import { ParleyError } from '@parley/client';

/** What a person reads instead of the server's words, where those are not made for them. */
const TEXTS: Partial<Record<ParleyError['code'], string>> = {
  connection_failed: 'The server cannot be reached. Try again when you are back online.',
  answer_missing: 'The server did not answer in time. Try again.',
  credentials_invalid: 'Username or password is wrong.',
  username_taken: 'This username is taken.',
  rate_limited: 'Too many tries. Wait a moment, then try again.',
  server_busy: 'The server is busy. Try again in a moment.',
  conversation_not_found: 'This conversation is not here any more.',
  version_conflict: 'This message has been changed meanwhile. Look at it again.',
  message_deleted: 'This message has been deleted.',
  action_forbidden: 'You may not do this here.',
  user_blocked: 'One of you has blocked the other.',
  owner_required: 'A group needs an owner. Make somebody else the owner first.',
  member_limit_reached: 'This group is full.',
  reaction_limit_reached: 'This message has as many kinds of reaction as it can have.',
};

/** Why something did not work, in a sentence. */
export function toSentence(error: unknown): string {
  if (!(error instanceof ParleyError)) return 'Something went wrong. Try again.';
  return TEXTS[error.code] ?? error.message;
}

/** The refusal of each field of a form, by the name of the field. */
export function toFieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ParleyError)) return {};
  return Object.fromEntries(error.fieldErrors.map(({ path, message }) => [path, message]));
}

/** Tells of a failure that belongs to no form, and fades. */
export function showError(error: unknown): void {
  notifications.show({ color: 'red', title: 'That did not work', message: toSentence(error) });
}
