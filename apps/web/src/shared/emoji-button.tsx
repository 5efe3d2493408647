import { ActionIcon, Loader, Popover, Tooltip } from '@mantine/core';
import { SmileyIcon } from '@primer/octicons-react';
import { lazy, Suspense, useState } from 'react';
import { PartBoundary } from './part-boundary.js';
import classes from './emoji-picker.module.css';

/** All emoji are a third of the page's size: they come when somebody wants one. */
const EmojiPicker = lazy(async () => ({ default: (await import('./emoji-picker.js')).EmojiPicker }));

export interface EmojiButtonProps {
  label: string;
  onPick: (emoji: string) => void;
  /** Those at the top, one click away. */
  quick?: readonly string[];
  disabled?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}

/** A button that opens the emoji. */
export function EmojiButton({ label, onPick, quick, disabled = false, onOpenChange }: EmojiButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const change = (open: boolean): void => {
    setOpen(open);
    onOpenChange?.(open);
  };
  return (
    <Popover opened={isOpen} onChange={change} trapFocus returnFocus position="top-end" width={320}>
      <Popover.Target>
        <Tooltip label={label} disabled={isOpen}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={label}
            disabled={disabled}
            onClick={() => change(!isOpen)}
          >
            <SmileyIcon />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Pick an emoji" aria-labelledby={undefined}>
        <PartBoundary>
          <Suspense
            fallback={
              <div className={classes.loading}>
                <Loader size="sm" aria-label="Loading emoji" />
              </div>
            }
          >
            <EmojiPicker
              quick={quick ?? []}
              onPick={(emoji) => {
                change(false);
                onPick(emoji);
              }}
            />
          </Suspense>
        </PartBoundary>
      </Popover.Dropdown>
    </Popover>
  );
}
