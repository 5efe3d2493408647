import type { Conversation } from '@parley/client';
import type { Name, Stage } from './stage.js';

type Line = readonly [who: Name, text: string];

const LAUNCH: readonly Line[] = [
  ['mara', 'Good morning! Four days to the launch. What is still open?'],
  ['jonas', 'The import is through: 41,000 records, none lost. I checked twice.'],
  ['tomek', 'Backups ran tonight, and I restored one to see that it works.'],
  ['ines', 'The new start page is in the preview. The buttons are larger on phones now.'],
  ['mara', 'Lovely. Has anybody tried it with a slow connection?'],
  ['tomek', 'On the train this morning. It came back by itself after every tunnel 👍'],
  ['jonas', 'Then I only need a decision about the old links: redirect, or a friendly page?'],
  ['mara', 'Redirect. People have printed them.'],
  ['robin', 'I can collect the addresses from the brochures.'],
  ['jonas', 'That would help a lot, thank you!'],
];

const DESIGN: readonly Line[] = [
  ['ines', 'Two drafts for the empty inbox: one with a drawing, one with three words.'],
  ['mara', 'Three words. A drawing is nice once.'],
  ['robin', 'The words need to fit on a watch.'],
  ['ines', '“Nothing here yet.” Fits.'],
];

const OPERATIONS: readonly Line[] = [
  ['tomek', 'Disk on the second machine is at 61 %. Nothing to do, I only like to say it early.'],
  ['jonas', 'Thanks. The logs of the import can go after Friday.'],
];

/** The conversations that the team has by the time the curtain rises. */
export interface Past {
  launch: Conversation;
  launchId: string;
}

/** Fills a server with what a small team wrote this morning. */
export async function makePast(stage: Stage): Promise<Past> {
  const mara = stage.client('mara');
  const launch = await mara.conversations.createGroup({
    title: 'Launch week',
    memberIds: stage.ids('jonas', 'ines', 'tomek', 'robin'),
  });
  await speak(stage, launch.id, LAUNCH);
  await launch.react(3, '🎉');
  await stage.client('ines').conversation(launch.id).react(3, '🎉');
  await stage.client('tomek').conversation(launch.id).react(5, '👀');

  const design = await stage.client('ines').conversations.createGroup({
    title: 'Design',
    memberIds: stage.ids('mara', 'robin'),
  });
  await speak(stage, design.id, DESIGN);
  const operations = await stage.client('tomek').conversations.createDirect(stage.id('jonas'));
  await speak(stage, operations.id, OPERATIONS);
  return { launch, launchId: launch.id };
}

async function speak(stage: Stage, conversationId: string, lines: readonly Line[]): Promise<void> {
  for (const [who, text] of lines) await stage.client(who).conversation(conversationId).send(text).sent;
}
