import { Button, Drawer, Stack, Text } from '@mantine/core';
import type { Conversation } from '@parley/client';
import type { ConversationSummary, ProfileView } from '@parley/contracts';
import { PencilIcon, PersonAddIcon, SignOutIcon } from '@primer/octicons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { toPartner, toTitle } from '../conversations/describe.js';
import { Avatar } from '../shared/avatar.js';
import { Confirm } from '../shared/confirm.js';
import { AddPeople } from './add-people.js';
import { BlockSwitch } from './block-switch.js';
import { ConversationSwitches } from './conversation-switches.js';
import classes from './details.module.css';
import { MemberList } from './member-list.js';
import { RenameGroup } from './rename-group.js';

export interface DetailsProps {
  conversation: Conversation;
  summary: ConversationSummary;
  me: ProfileView;
  isOpen: boolean;
  onClose: () => void;
}

type GroupDialog = 'add' | 'rename' | 'leave' | null;

/** Everything about a conversation that is not a message. */
export function Details({ conversation, summary, me, isOpen, onClose }: DetailsProps) {
  const [dialog, setDialog] = useState<GroupDialog>(null);
  const partner = toPartner(summary.conversation, me.id);
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      // The key closes what is on top.
      closeOnEscape={dialog === null}
      title="Details"
      size={380}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: classes.body, content: classes.content }}
    >
      <Who summary={summary} me={me} />
      <ConversationSwitches conversation={conversation} summary={summary} />
      {partner !== null && <BlockSwitch userId={partner.userId} name={partner.displayName} />}
      {summary.conversation.kind === 'group' && (
        <GroupDetails
          conversation={conversation}
          summary={summary}
          me={me}
          dialog={dialog}
          onDialog={setDialog}
          onClose={onClose}
        />
      )}
    </Drawer>
  );
}

function Who({ summary: { conversation }, me }: { summary: ConversationSummary; me: ProfileView }) {
  const partner = toPartner(conversation, me.id);
  const title = toTitle(conversation, me.id);
  return (
    <Stack align="center" gap={4} className={classes.who}>
      <Avatar id={partner?.userId ?? conversation.id} name={title} size="lg" isGroup={partner === null} />
      <Text fw={600} ta="center" className={classes.title}>
        <bdi>{title}</bdi>
      </Text>
      {partner !== null && (
        <Text size="sm" c="dimmed">
          @{partner.username}
        </Text>
      )}
    </Stack>
  );
}

interface GroupDetailsProps extends Omit<DetailsProps, 'isOpen'> {
  dialog: GroupDialog;
  onDialog: (dialog: GroupDialog) => void;
}

function GroupDetails({ conversation, summary, me, dialog, onDialog, onClose }: GroupDetailsProps) {
  const [, navigate] = useLocation();
  const close = (): void => onDialog(null);
  const manages = summary.role !== 'member';
  return (
    <>
      <div className={classes.buttons}>
        {manages && (
          <>
            <Button variant="default" size="xs" leftSection={<PersonAddIcon />} onClick={() => onDialog('add')}>
              Add people
            </Button>
            <Button variant="default" size="xs" leftSection={<PencilIcon />} onClick={() => onDialog('rename')}>
              Rename
            </Button>
          </>
        )}
        <Button variant="default" size="xs" c="red" leftSection={<SignOutIcon />} onClick={() => onDialog('leave')}>
          Leave group
        </Button>
      </div>
      <MemberList conversation={conversation} summary={summary} me={me} />
      <AddPeople conversation={conversation} isOpen={dialog === 'add'} onClose={close} />
      <RenameGroup
        conversation={conversation}
        title={summary.conversation.title ?? ''}
        isOpen={dialog === 'rename'}
        onClose={close}
      />
      <Confirm
        isOpen={dialog === 'leave'}
        title="Leave group?"
        text="You get no messages of it any more. Somebody in it can add you again."
        action="Leave"
        onConfirm={async () => {
          await conversation.leave();
          onClose();
          navigate('/');
        }}
        onClose={close}
      />
    </>
  );
}
