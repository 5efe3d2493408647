import { Alert, Button, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import type { Conversation } from '@parley/client';
import { LIMITS, type UserView } from '@parley/contracts';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { client } from '../session/client.js';
import { toSentence } from '../shared/errors.js';
import { toConversationPath } from '../shared/paths.js';
import { PeoplePicker } from '../shared/people-picker.js';
import { useSubmit } from '../shared/use-submit.js';

export interface NewConversationProps {
  ownId: string;
  isOpen: boolean;
  onClose: () => void;
}

/** Starts a conversation with one person, or a group. */
export function NewConversation({ ownId, isOpen, onClose }: NewConversationProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New conversation" closeButtonProps={{ 'aria-label': 'Close' }}>
      <NewConversationForm ownId={ownId} onDone={onClose} />
    </Modal>
  );
}

function NewConversationForm({ ownId, onDone }: { ownId: string; onDone: () => void }) {
  const [kind, setKind] = useState('direct');
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<readonly UserView[]>([]);
  const [, navigate] = useLocation();
  const { run, isRunning, error } = useSubmit();

  const open = (create: () => Promise<Conversation>): void =>
    void run(async () => {
      const { id } = await create();
      onDone();
      navigate(toConversationPath(id));
    });
  const toggle = (person: UserView): void =>
    setChosen((before) =>
      before.some(({ id }) => id === person.id) ? before.filter(({ id }) => id !== person.id) : [...before, person],
    );

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (kind === 'direct' || title.trim() === '') return;
        open(() => client.conversations.createGroup({ title: title.trim(), memberIds: chosen.map(({ id }) => id) }));
      }}
    >
      <Stack gap="sm">
        <SegmentedControl
          fullWidth
          aria-label="Kind of conversation"
          value={kind}
          onChange={setKind}
          data={[
            { value: 'direct', label: 'Direct message' },
            { value: 'group', label: 'Group' },
          ]}
        />
        {error !== null && (
          <Alert color="red" role="alert">
            {toSentence(error)}
          </Alert>
        )}
        {kind === 'group' && (
          <TextInput
            label="Group name"
            required
            withAsterisk={false}
            maxLength={LIMITS.titleMax}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        )}
        <PeoplePicker
          key={kind}
          except={new Set([ownId])}
          chosen={kind === 'group' ? chosen : null}
          disabled={isRunning}
          onChoose={(person) =>
            kind === 'group' ? toggle(person) : open(() => client.conversations.createDirect(person.id))
          }
        />
        {kind === 'group' && (
          <Button type="submit" loading={isRunning} disabled={title.trim() === ''}>
            Create group
          </Button>
        )}
      </Stack>
    </form>
  );
}
