import { ARRIVE, FIND, IS_IT_THERE, LEAVE } from './stories/people.js';
import { REFUSALS } from './stories/refusals.js';
import { GROUP, TALK } from './stories/talks.js';
import type { Story } from './story.js';

/** In the order in which they are run: each builds on those before it. */
export const STORIES: readonly Story[] = [IS_IT_THERE, ARRIVE, FIND, TALK, GROUP, REFUSALS, LEAVE];
