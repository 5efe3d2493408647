/** How often who does what. The weights are relative to one another. */
export interface Mix {
  acts: Readonly<Record<Act, number>>;
  /** How likely it is that a text is sent once more, afterwards; and at the same time, another way. */
  repeatsAfterwards: number;
  repeatsMeanwhile: number;
  /** Texts that are sent without waiting for the first one's answer. */
  burst: readonly [min: number, max: number];
  /** Milliseconds between two acts of one person. */
  pauseMs: readonly [min: number, max: number];
  /** Milliseconds between two changes of the club's members; null for no changes. */
  churnMs: readonly [min: number, max: number] | null;
  /** Characters of a text, of three bytes each; 0 for short ones. */
  bodyLength: number;
}

export type Act = 'send' | 'burst' | 'edit' | 'delete' | 'react' | 'unreact' | 'read';

export const USUAL_MIX: Mix = {
  acts: { send: 50, burst: 10, edit: 9, delete: 4, react: 10, unreact: 4, read: 6 },
  repeatsAfterwards: 0.1,
  repeatsMeanwhile: 0.1,
  burst: [2, 6],
  pauseMs: [5, 40],
  churnMs: [30, 250],
  bodyLength: 0,
};
