import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import type { MessageView } from '@parley/contracts';
import { CopyIcon, KebabHorizontalIcon, LinkIcon, PencilIcon, ReplyIcon, TrashIcon } from '@primer/octicons-react';
import { EmojiButton } from '../shared/emoji-button.js';
import { showError } from '../shared/errors.js';
import { toMessagePath } from '../shared/paths.js';
import classes from './message-actions.module.css';
import { mayDelete, mayEdit } from './permissions.js';
import { useTimeline } from './timeline-context.js';

const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀'];

/** What one can do with a message. */
export function MessageActions({ message }: { message: MessageView }) {
  const { conversation, reply } = useTimeline();
  return (
    <div className={classes.bar} role="group" aria-label="Message actions">
      <EmojiButton
        label="Add reaction"
        quick={QUICK}
        onPick={(emoji) => void conversation.react(message.seq, emoji).catch(showError)}
      />
      <Tooltip label="Reply">
        <ActionIcon variant="subtle" color="gray" aria-label="Reply" onClick={() => reply(message)}>
          <ReplyIcon />
        </ActionIcon>
      </Tooltip>
      <MoreActions message={message} />
    </div>
  );
}

function MoreActions({ message }: { message: MessageView }) {
  const timeline = useTimeline();
  const { seq, conversationId, body } = message;
  const copy = (text: string): void => void navigator.clipboard.writeText(text).catch(showError);
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="More actions">
          <KebabHorizontalIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayEdit(message, timeline.ownId) && (
          <Menu.Item leftSection={<PencilIcon />} onClick={() => timeline.edit(message)}>
            Edit
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<LinkIcon />}
          onClick={() => copy(new URL(toMessagePath(conversationId, seq), location.origin).href)}
        >
          Copy link
        </Menu.Item>
        <Menu.Item leftSection={<CopyIcon />} onClick={() => copy(body ?? '')}>
          Copy text
        </Menu.Item>
        {mayDelete(message, timeline) && (
          <Menu.Item color="red" leftSection={<TrashIcon />} onClick={() => timeline.askToDelete(message)}>
            Delete
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
