import { Alert, Button, Modal, Stack } from '@mantine/core';
import type { Conversation } from '@parley/client';
import type { UserView } from '@parley/contracts';
import { useMemo, useState } from 'react';
import { toSentence } from '../shared/errors.js';
import { PeoplePicker } from '../shared/people-picker.js';
import { useStore } from '../shared/use-store.js';
import { useSubmit } from '../shared/use-submit.js';

export interface AddPeopleProps {
  conversation: Conversation;
  isOpen: boolean;
  onClose: () => void;
}

export function AddPeople({ conversation, isOpen, onClose }: AddPeopleProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add people" closeButtonProps={{ 'aria-label': 'Close' }}>
      <AddForm conversation={conversation} onDone={onClose} />
    </Modal>
  );
}

function AddForm({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const members = useStore(conversation.members);
  const [chosen, setChosen] = useState<readonly UserView[]>([]);
  const { run, isRunning, error } = useSubmit();
  const except = useMemo(() => new Set(members.map(({ userId }) => userId)), [members]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => conversation.addMembers(chosen.map(({ id }) => id))).then((done) => {
          if (done) onDone();
        });
      }}
    >
      <Stack gap="sm">
        {error !== null && (
          <Alert color="red" role="alert">
            {toSentence(error)}
          </Alert>
        )}
        <PeoplePicker
          except={except}
          chosen={chosen}
          disabled={isRunning}
          onChoose={(person) =>
            setChosen((before) =>
              before.some(({ id }) => id === person.id)
                ? before.filter(({ id }) => id !== person.id)
                : [...before, person],
            )
          }
        />
        <Button type="submit" loading={isRunning} disabled={chosen.length === 0}>
          Add
        </Button>
      </Stack>
    </form>
  );
}
