import type { Action, Body, Program, Step } from './program.js';

export const NAMES = ['ada', 'ben', 'cleo', 'dora'] as const;
export const DEVICES = ['phone', 'laptop'] as const;

/** A program as a story that can be read. */
export function describeProgram({ people, groups, prologue, steps }: Program): string {
  const names = NAMES.slice(0, people).join(', ');
  const before = prologue === 0 ? '' : `, ${prologue} texts before`;
  return [`${names}; ${groups} groups${before}`, ...steps.map((step) => `  ${describeStep(step, people)}`)].join('\n');
}

export function describeStep({ person, device, action, goesOn }: Step, people: number): string {
  const where = 'where' in action ? ` in ${action.where}` : '';
  const pick = 'pick' in action ? ` (${action.pick})` : '';
  const more = details(action, people);
  return `${NAMES[person % people]}'s ${DEVICES[device]}: ${action.do}${pick}${where}${more}${goesOn ? ' …' : ''}`;
}

function details(action: Action, people: number): string {
  switch (action.do) {
    case 'send':
      return `: ${text(action.body, people)}${action.replyTo === null ? '' : ` in answer to (${action.replyTo})`}`;
    case 'send the same again':
      return ` over ${action.over}`;
    case 'edit':
      return `: ${text(action.body, people)}, version: ${action.version}`;
    case 'react':
    case 'unreact':
      return ` ${action.emoji}`;
    case 'add':
    case 'remove':
      return `: ${NAMES[action.whom % people]}`;
    case 'change role':
      return `: ${NAMES[action.whom % people]} is ${action.role}`;
    case 'change settings':
      return `: ${JSON.stringify(action.settings)}`;
    case 'show reads':
      return `: ${action.shown}`;
    case 'disturb hints':
      return `: ${action.how} ${action.choices.join(',')}`;
    default:
      return '';
  }
}

function text({ text: words, mention }: Body, people: number): string {
  if (mention === 'nobody') return words;
  return `${words} @${mention === 'everybody' ? 'all' : NAMES[mention % people]}`;
}
