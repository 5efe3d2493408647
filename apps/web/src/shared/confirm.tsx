import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { toSentence } from './errors.js';
import { useSubmit } from './use-submit.js';

export interface ConfirmProps {
  isOpen: boolean;
  title: string;
  text: string;
  /** What the button says that does it. */
  action: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ isOpen, title, text, action, onConfirm, onClose }: ConfirmProps) {
  const { run, isRunning, error } = useSubmit();
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size="sm" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Text size="sm">{text}</Text>
      {error !== null && (
        <Alert color="red" role="alert" mt="sm">
          {toSentence(error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          loading={isRunning}
          onClick={() =>
            void run(onConfirm).then((done) => {
              if (done) onClose();
            })
          }
        >
          {action}
        </Button>
      </Group>
    </Modal>
  );
}
