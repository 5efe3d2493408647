/** The day on which the pictures are taken, and its hour. */
export const NOW = '2026-03-12T10:26:00Z';
const TODAY = '2026-03-12';
const YESTERDAY = '2026-03-11';

export const PEOPLE = {
  ada: 'Ada Lovelace',
  charles: 'Charles Babbage',
  grace: 'Grace Hopper',
  alan: 'Alan Turing',
  hedy: 'Hedy Lamarr',
  katherine: 'Katherine Johnson',
} as const;

export type Name = keyof typeof PEOPLE;

export interface Line {
  by: Name;
  at: string;
  text: string;
  /** The line before which it answers, counted from the first; and who reacts how. */
  answers?: number;
  reactions?: Partial<Record<string, Name[]>>;
}

export interface Talk {
  /** Null for the conversation of two people. */
  title: string | null;
  members: Name[];
  lines: Line[];
  /** So many of the last lines Ada has not read. */
  unread?: number;
  pinned?: boolean;
  muted?: boolean;
}

/** What Ada sees: she reads the first of these. */
export const TALKS: readonly Talk[] = [
  {
    title: 'Analytical Engine',
    members: ['ada', 'charles', 'grace', 'alan', 'katherine'],
    pinned: true,
    lines: [
      {
        by: 'charles',
        at: `${YESTERDAY}T16:02`,
        text: 'The mill turns! Two minutes for a division, and no tooth has broken.',
      },
      {
        by: 'katherine',
        at: `${YESTERDAY}T16:05`,
        text: 'I checked the first forty results by hand. **All of them are right.**',
        reactions: { '🎉': ['charles', 'grace', 'alan'], '👏': ['ada'] },
      },
      { by: 'grace', at: `${TODAY}T09:58`, text: 'Good morning! Who has the table for the Bernoulli numbers?' },
      { by: 'ada', at: `${TODAY}T10:03`, text: 'I do. It is in note G: https://en.wikipedia.org/wiki/Note_G' },
      {
        by: 'ada',
        at: `${TODAY}T10:04`,
        text: 'Three things are left before we print it:\n\n- the sign in `operation 4`\n- the loop from 13 to 23\n- a drawing that people _want_ to look at',
        reactions: { '👍': ['grace', 'charles'] },
      },
      { by: 'alan', at: `${TODAY}T10:11`, text: 'Operation 4 divides the wrong way round: it should be v4 by v5.' },
      {
        by: 'ada',
        at: `${TODAY}T10:15`,
        text: 'You are right. Nobody has seen that in a hundred and eighty years!',
        answers: 5,
        reactions: { '😮': ['grace', 'katherine'], '❤️': ['alan'] },
      },
      { by: 'grace', at: `${TODAY}T10:21`, text: 'The first bug, then. I will keep it in my logbook, with tape. 🐛' },
      { by: 'charles', at: `${TODAY}T10:24`, text: '@ada shall I have the cards punched by Friday?' },
    ],
  },
  {
    title: null,
    members: ['ada', 'grace'],
    unread: 2,
    lines: [
      { by: 'ada', at: `${TODAY}T09:20`, text: 'Did the compiler like my program?' },
      { by: 'grace', at: `${TODAY}T10:17`, text: 'It did, after lunch.' },
      { by: 'grace', at: `${TODAY}T10:18`, text: 'Come and see: it prints in colour now' },
    ],
  },
  {
    title: 'Lunch 🍜',
    members: ['ada', 'hedy', 'alan', 'katherine'],
    unread: 3,
    lines: [
      { by: 'hedy', at: `${TODAY}T09:31`, text: 'Noodles at half past twelve?' },
      { by: 'alan', at: `${TODAY}T09:33`, text: 'If there are apples for dessert' },
      { by: 'katherine', at: `${TODAY}T09:40`, text: '@ada we keep a place for you' },
    ],
  },
  {
    title: null,
    members: ['ada', 'hedy'],
    lines: [
      { by: 'hedy', at: `${YESTERDAY}T18:40`, text: 'Frequencies that hop: nobody can listen.' },
      { by: 'ada', at: `${YESTERDAY}T18:44`, text: 'And nobody can lose a word either, I hope' },
    ],
  },
  {
    title: 'Book club',
    members: ['ada', 'charles', 'hedy'],
    muted: true,
    lines: [{ by: 'charles', at: `${YESTERDAY}T12:05`, text: 'Next month: a long one about a white whale.' }],
  },
  {
    title: null,
    members: ['ada', 'katherine'],
    lines: [
      { by: 'katherine', at: '2026-03-10T15:00', text: 'The orbit is a little lower than planned, and still round.' },
    ],
  },
];
