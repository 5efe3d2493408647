import type { ConversationSummary } from '@parley/contracts';
import { toPartner, toTitle } from './describe.js';

export interface Arrangement {
  /** The pinned ones first; within each part in the order of the client, by last activity. */
  readonly shown: readonly ConversationSummary[];
  readonly archived: readonly ConversationSummary[];
}

/** The list as the sidebar shows it, of those whose name contains `query`. */
export function arrange(items: readonly ConversationSummary[], ownId: string, query = ''): Arrangement {
  const found = items.filter((item) => matches(item, ownId, query.trim().toLocaleLowerCase()));
  const shown = found.filter(({ settings }) => !settings.archived);
  return {
    shown: [...shown.filter(({ settings }) => settings.pinned), ...shown.filter(({ settings }) => !settings.pinned)],
    archived: found.filter(({ settings }) => settings.archived),
  };
}

function matches({ conversation }: ConversationSummary, ownId: string, query: string): boolean {
  if (query === '') return true;
  const username = toPartner(conversation, ownId)?.username ?? '';
  return [toTitle(conversation, ownId), username].some((name) => name.toLocaleLowerCase().includes(query));
}
