import type { Conversation } from '@parley/client';
import { Confirm } from '../shared/confirm.js';

export interface DeleteMessageProps {
  conversation: Conversation;
  /** Which message; null when none is to be deleted. */
  seq: number | null;
  onClose: () => void;
}

export function DeleteMessage({ conversation, seq, onClose }: DeleteMessageProps) {
  return (
    <Confirm
      isOpen={seq !== null}
      title="Delete message?"
      text="Its text is taken away for everybody, and cannot be brought back."
      action="Delete"
      onConfirm={async () => {
        if (seq !== null) await conversation.delete(seq);
      }}
      onClose={onClose}
    />
  );
}
