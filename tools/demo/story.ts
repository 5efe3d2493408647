import { ParleyError } from '@parley/client';
import { NAMES, TEAM, until, type Stage } from './stage.js';
import type { Past } from './past.js';
import type { Teller } from './teller.js';
import { sendTwice } from './repeated-send.js';

/** Everything that a chat needs, once, as it happens on the server that was started for it. */
export async function tellStory(teller: Teller, stage: Stage, past: Past): Promise<void> {
  await people(teller);
  await oneMessage(teller, stage);
  await lostAnswer(teller, stage, past);
  await replies(teller, stage, past);
  await presence(teller, stage, past);
  await tunnel(teller, stage, past);
  await group(teller, stage);
  await refusals(teller, stage, past);
}

async function people(teller: Teller): Promise<void> {
  await teller.chapter('A small team has accounts and a morning of messages');
  for (const name of NAMES) await teller.does(name, TEAM[name]);
  await teller.so('groups “Launch week” and “Design”, and people who talk directly');
}

async function oneMessage(teller: Teller, stage: Stage): Promise<void> {
  const talk = await stage.client('mara').conversations.createDirect(stage.id('ines'));
  const hers = stage.client('ines').conversation(talk.id);
  await teller.chapter('One message, from sent to read');
  const text = 'Ines, do you have five minutes for the start page?';
  await teller.does('mara', `writes: ${text}`);
  const begun = performance.now();
  const { seq } = await talk.send(text).sent;
  await teller.so(`sent, and acknowledged after ${Math.round(performance.now() - begun)} ms: stored as number ${seq}`);
  await until(hers.timeline, ({ messages }) => messages.length > 0);
  await until(talk.receipts, (all) => all.some((one) => one.userId === stage.id('ines') && one.deliveredSeq >= seq));
  await teller.so('delivered: it is on a device of Ines, whose badge says 1');
  hers.markRead();
  await until(talk.receipts, (all) => all.some((one) => one.userId === stage.id('ines') && (one.readSeq ?? 0) >= seq));
  await teller.so('read: Mara sees that Ines has seen it');
}

async function lostAnswer(teller: Teller, stage: Stage, { launchId }: Past): Promise<void> {
  await teller.chapter('The answer gets lost, and the message is not sent twice');
  await teller.does('tomek', 'sends over REST, hears nothing, and sends the same again with the same clientId');
  const [first, second] = await sendTwice(stage.url, 'tomek', launchId, 'The certificates are renewed until spring.');
  await teller.so(`first time: status ${first.status}, number ${first.seq}`);
  await teller.so(`again: status ${second.status}, still number ${second.seq}, “duplicate” is ${second.duplicate}`);
}

async function replies(teller: Teller, stage: Stage, { launch, launchId }: Past): Promise<void> {
  const [jonas, ines, robin] = (['jonas', 'ines', 'robin'] as const).map((name) =>
    stage.client(name).conversation(launchId),
  );
  if (jonas === undefined || ines === undefined || robin === undefined) return;
  await teller.chapter('Reply, reaction, edit, mention');
  const { seq } = await jonas.send('The rehearsal is at tree, in the small room.').sent;
  await teller.does('jonas', 'writes: The rehearsal is at tree, in the small room.');
  await jonas.edit(seq, 'The rehearsal is at three, in the small room.');
  await teller.does('jonas', 'edits it: … at three …');
  const answer = await ines.send('I bring the phone with the cracked screen.', { replyTo: seq }).sent;
  await teller.does('ines', `answers number ${seq}: I bring the phone with the cracked screen.`);
  await launch.react(answer.seq, '😄');
  await teller.does('mara', 'reacts: 😄');
  await until(ines.timeline, ({ messages }) =>
    messages.some((one) => one.status === 'sent' && one.reactions.length > 0),
  );
  await teller.so('everybody has the new text and the reaction; each change has a number of its own');
  await launch.send('@robin can you take notes?').sent;
  await teller.does('mara', 'writes: @robin can you take notes?');
  const summary = await until(robin.summary, (now) => (now?.mentions ?? 0) > 0);
  await teller.so(`Robin's list says: ${summary?.unread} unread, ${summary?.mentions} of them for Robin`);
}

async function presence(teller: Teller, stage: Stage, { launch, launchId }: Past): Promise<void> {
  await teller.chapter('Who is there, who is typing');
  const store = stage.client('mara').presence(stage.ids('jonas'));
  const stop = store.subscribe(() => undefined);
  await until(store, (now) => now.get(stage.id('jonas'))?.state === 'active');
  await teller.so('Mara sees that Jonas is there');
  stage.client('jonas').setAway(true);
  await teller.does('jonas', 'gets coffee');
  await until(store, (now) => now.get(stage.id('jonas'))?.state === 'away');
  await teller.so('Mara sees him as away');
  stage.client('jonas').setAway(false);
  stage.client('ines').conversation(launchId).startTyping();
  await until(launch.typing, (ids) => ids.includes(stage.id('ines')));
  await teller.so('and that Ines is typing');
  stage.client('ines').conversation(launchId).stopTyping();
  stop();
}

async function tunnel(teller: Teller, stage: Stage, { launch, launchId }: Past): Promise<void> {
  const tomek = stage.client('tomek');
  await teller.chapter('A tunnel');
  tomek.close();
  await teller.does('tomek', 'loses the connection, and writes all the same');
  const pending = tomek.conversation(launchId).send('I am on the train, back in a minute.');
  await launch.send('Lunch is here!').sent;
  await launch.send('And it is still warm.').sent;
  await teller.does('mara', 'writes two messages meanwhile');
  await tomek.resume();
  const { seq } = await pending.sent;
  await teller.does('tomek', 'comes out of the tunnel');
  await teller.so(`what he wrote is sent once, as number ${seq}`);
  const timeline = await until(
    tomek.conversation(launchId).timeline,
    ({ messages }) => messages.at(-1)?.status === 'sent',
  );
  await teller.so(`what he missed is there: his timeline has ${timeline.messages.length} messages, without a gap`);
}

async function group(teller: Teller, stage: Stage): Promise<void> {
  const mara = stage.client('mara');
  await teller.chapter('A group changes');
  const party = await mara.conversations.createGroup({ title: 'Party', memberIds: stage.ids('ines') });
  await teller.does('mara', 'starts the group “Party” with Ines');
  await party.addMembers(stage.ids('tomek', 'robin'));
  await party.changeRole(stage.id('ines'), 'admin');
  await stage.client('ines').conversation(party.id).rename('Launch party');
  await teller.does('mara', 'adds Tomek and Robin, and makes Ines an admin');
  await teller.does('ines', 'calls it “Launch party”');
  const { seq } = await stage.client('ines').conversation(party.id).send('I know a place with a terrace.').sent;
  const deleted = await stage.client('ines').conversation(party.id).delete(seq);
  await teller.does('ines', 'sends a message, and deletes it');
  await teller.so(`number ${seq} stays, its text is ${String(deleted.body)} for everybody; nothing else keeps it`);
}

async function refusals(teller: Teller, stage: Stage, { launchId }: Past): Promise<void> {
  await teller.chapter('What is refused, and how');
  await teller.does('jonas', 'wants to rename “Launch week”, of which he is only a member');
  const refused = await stage
    .client('jonas')
    .conversation(launchId)
    .rename('Week of Jonas')
    .catch((error: unknown) => error);
  if (refused instanceof ParleyError) await teller.so(`${refused.code}: ${refused.message}`);
}
