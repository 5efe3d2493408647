import { Stack, Switch } from '@mantine/core';
import type { Conversation } from '@parley/client';
import type { ConversationSummary, UpdateConversationSettings } from '@parley/contracts';
import { isMuted } from '../conversations/describe.js';
import { showError } from '../shared/errors.js';

export interface ConversationSwitchesProps {
  conversation: Conversation;
  summary: ConversationSummary;
}

/** So far in the future it is for good. */
const FOR_GOOD = '9999-12-31T00:00:00.000Z';

/** One's own settings of a conversation; nobody else sees them. */
export function ConversationSwitches({ conversation, summary }: ConversationSwitchesProps) {
  const { pinned, archived } = summary.settings;
  const muted = isMuted(summary);
  const change = (input: UpdateConversationSettings): void => void conversation.updateSettings(input).catch(showError);
  return (
    <Stack gap="sm">
      <Switch
        label="Mute"
        description="No notifications, and a quiet count"
        checked={muted}
        onChange={() => change({ mutedUntil: muted ? null : FOR_GOOD })}
      />
      <Switch
        label="Pin"
        description="Stays at the top of the list"
        checked={pinned}
        onChange={() => change({ pinned: !pinned })}
      />
      <Switch
        label="Archive"
        description="Folded away at the end of the list"
        checked={archived}
        onChange={() => change({ archived: !archived })}
      />
    </Stack>
  );
}
