import { Button, Modal, Stack, TextInput } from '@mantine/core';
import type { Conversation } from '@parley/client';
import { LIMITS } from '@parley/contracts';
import { useState } from 'react';
import { toFieldErrors, toSentence } from '../shared/errors.js';
import { useSubmit } from '../shared/use-submit.js';

export interface RenameGroupProps {
  conversation: Conversation;
  title: string;
  isOpen: boolean;
  onClose: () => void;
}

export function RenameGroup({ conversation, title, isOpen, onClose }: RenameGroupProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Rename group"
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <RenameForm conversation={conversation} title={title} onDone={onClose} />
    </Modal>
  );
}

function RenameForm({
  conversation,
  title,
  onDone,
}: {
  conversation: Conversation;
  title: string;
  onDone: () => void;
}) {
  const [text, setText] = useState(title);
  const { run, isRunning, error } = useSubmit();
  const refusal = error === null ? null : (toFieldErrors(error)['title'] ?? toSentence(error));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => conversation.rename(text.trim())).then((done) => {
          if (done) onDone();
        });
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Group name"
          data-autofocus
          required
          withAsterisk={false}
          maxLength={LIMITS.titleMax}
          value={text}
          error={refusal}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" loading={isRunning} disabled={text.trim() === ''}>
          Save
        </Button>
      </Stack>
    </form>
  );
}
