import { SETTINGS } from './env.js';

/** Every setting as a table for the documents, in the order of `.env.example`. */
export function settingsTable(): string {
  const rows = SETTINGS.map(({ name, sentence, shown, hasDefault }) => {
    const example = hasDefault || shown === '' ? '' : ` As in \`${shown}\`.`;
    return `| \`${name}\` | ${hasDefault ? `\`${shown}\`` : 'none'} | ${sentence}${example} |`;
  });
  return ['| setting | default | means |', '|---|---|---|', ...rows].join('\n');
}
