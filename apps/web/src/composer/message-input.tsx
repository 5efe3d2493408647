import { ActionIcon, Combobox, Textarea, useCombobox } from '@mantine/core';
import { LIMITS, type ConversationSummary } from '@parley/contracts';
import { CheckIcon, PaperAirplaneIcon } from '@primer/octicons-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { EmojiButton } from '../shared/emoji-button.js';
import { useMentions } from './use-mentions.js';
import { MentionOption } from './mention-option.js';
import classes from './message-input.module.css';

export interface MessageInputProps {
  text: string;
  onChange: (text: string) => void;
  onSubmit: () => void;
  submitLabel: 'Send' | 'Save';
  placeholder: string;
  summary: ConversationSummary;
  ownId: string;
  /** When it changes, the text gets the focus. */
  focusKey: number;
  onEscape: () => void;
  /** In an empty text. */
  onArrowUp?: () => void;
}

/** So near to the limit it is said how much is left. */
const COUNT_FROM = 500;

/** Where a message is written: Enter sends, `@` completes names. */
export function MessageInput(props: MessageInputProps) {
  const { text, onChange, onSubmit, submitLabel, placeholder, summary, ownId, focusKey, onEscape, onArrowUp } = props;
  const input = useRef<HTMLTextAreaElement>(null);
  const combobox = useCombobox();
  const mentions = useMentions({ input, text, onChange, summary, ownId, combobox });
  const left = LIMITS.bodyMaxCharacters - countCharacters(text.trim());
  const canSubmit = text.trim() !== '' && left >= 0;
  useFocus(input, focusKey);

  const handleKey = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While a word is put together, Enter ends the word.
    if (event.nativeEvent.isComposing) return;
    if (mentions.isOpen) {
      if (event.key === 'Escape') mentions.dismiss();
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (canSubmit) onSubmit();
    } else if (event.key === 'Escape') onEscape();
    else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      onArrowUp?.();
    }
  };

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSubmit) onSubmit();
        input.current?.focus();
      }}
    >
      <Combobox store={combobox} position="top-start" onOptionSubmit={mentions.choose} withinPortal={false}>
        <Combobox.DropdownTarget>
          <div className={classes.field}>
            <Combobox.EventsTarget withKeyboardNavigation={mentions.isOpen}>
              <Textarea
                ref={input}
                aria-label="Message"
                placeholder={placeholder}
                variant="unstyled"
                autosize
                minRows={1}
                maxRows={8}
                dir="auto"
                autoComplete="off"
                enterKeyHint="send"
                classNames={{ input: classes.input }}
                value={text}
                onChange={(event) => {
                  onChange(event.currentTarget.value);
                  mentions.look(event.currentTarget);
                }}
                onSelect={(event) => mentions.look(event.currentTarget)}
                onKeyDown={handleKey}
                onBlur={mentions.close}
              />
            </Combobox.EventsTarget>
          </div>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown hidden={!mentions.isOpen}>
          <Combobox.Options aria-label="Mention" className={classes.options}>
            {mentions.candidates.map((candidate) => (
              <MentionOption key={candidate.username} candidate={candidate} />
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {left < COUNT_FROM && (
        <span className={classes.count} data-over={left < 0 || undefined} role="status">
          {left < 0 ? `${-left} too many` : `${left} left`}
        </span>
      )}
      <EmojiButton label="Insert emoji" onPick={(emoji) => insert(input.current, emoji, text, onChange)} />
      <ActionIcon type="submit" size="lg" aria-label={submitLabel} disabled={!canSubmit}>
        {submitLabel === 'Send' ? <PaperAirplaneIcon /> : <CheckIcon />}
      </ActionIcon>
    </form>
  );
}

/** As the server counts: code points, of which a surrogate pair is one. */
function countCharacters(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}

/** A keyboard that covers half of a phone's screen comes only when it is asked for. */
function useFocus(input: React.RefObject<HTMLTextAreaElement | null>, key: number): void {
  useEffect(() => {
    const isAsked = key !== 0;
    const { current } = input;
    if (current === null || (!isAsked && matchMedia('(pointer: coarse)').matches)) return;
    current.focus();
    current.setSelectionRange(current.value.length, current.value.length);
  }, [input, key]);
}

function insert(
  input: HTMLTextAreaElement | null,
  emoji: string,
  text: string,
  onChange: (text: string) => void,
): void {
  const start = input?.selectionStart ?? text.length;
  const end = input?.selectionEnd ?? text.length;
  onChange(text.slice(0, start) + emoji + text.slice(end));
  requestAnimationFrame(() => {
    input?.focus();
    input?.setSelectionRange(start + emoji.length, start + emoji.length);
  });
}
