import { memo, useContext, useMemo, type MouseEvent } from 'react';
import { useLocation } from 'wouter';
import { PeopleContext, type People } from '../shared/people.js';
import { useStore } from '../shared/use-store.js';
import { markdown } from './markdown-loader.js';
import classes from './message-body.module.css';

export interface MessageBodyProps {
  text: string;
  mentions?: readonly string[];
  mentionsAll?: boolean;
}

const NOBODY: readonly string[] = [];

/** What somebody has written. */
export const MessageBody = memo(function MessageBody({
  text,
  mentions = NOBODY,
  mentionsAll = false,
}: MessageBodyProps) {
  const people = useContext(PeopleContext);
  const [, navigate] = useLocation();
  const toHtml = useStore(markdown);
  const html = useMemo(
    () => toHtml?.(text, toNames(mentions, mentionsAll, people)),
    [toHtml, text, mentions, mentionsAll, people],
  );

  const stayOnPage = (event: MouseEvent<HTMLElement>): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !isPlain || link.origin !== location.origin || !link.pathname.startsWith('/c/')) return;
    event.preventDefault();
    navigate(link.pathname);
  };

  if (html === undefined) {
    return (
      <div className={classes.body} dir="auto" data-plain>
        {text}
      </div>
    );
  }
  return (
    <div
      className={classes.body}
      dir="auto"
      data-emoji={isOnlyEmoji(text) || undefined}
      onClick={stayOnPage}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
});

function toNames(mentions: readonly string[], mentionsAll: boolean, people: People): ReadonlySet<string> {
  const names = mentions.flatMap((id) => people.get(id)?.username.toLowerCase() ?? []);
  return new Set(mentionsAll ? [...names, 'all'] : names);
}

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s)+$/u;
const JUMBO_MAX = 24;

/** A few emoji alone are shown large. */
function isOnlyEmoji(text: string): boolean {
  return text.length <= JUMBO_MAX && ONLY_EMOJI.test(text);
}
