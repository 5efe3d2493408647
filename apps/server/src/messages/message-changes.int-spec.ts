import { LIMITS, type MessageChange, type MessageView } from '@parley/contracts';
import { codeOf } from '../../../../test/support/conversations-node.js';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';

let node: MessagesNode;
let ada: Actor, ben: Actor, cleo: Actor, dora: Actor;
/** Ada is its owner, ben its admin, cleo and dora are members; made by numbers 1 and 2. */
let team: string;
/** A text of cleo's. */
let text: MessageView;

beforeAll(async () => {
  node = await startMessages();
});

beforeEach(async () => {
  [ada, ben, cleo, dora] = (await node.people(4)) as [Actor, Actor, Actor, Actor];
  team = await node.group(ada, ben, cleo, dora);
  await node.members.changeRole(ada, team, ben.userId, { role: 'admin' });
  text = await node.say(cleo, team, 'Tea at five');
  node.published.length = 0;
});

afterAll(() => node.close());

const edit = (actor: Actor, body: string, version?: number, seq = text.seq) =>
  node.changes.edit(actor, team, seq, { body, version });
const remove = (actor: Actor, version?: number, seq = text.seq) => node.changes.delete(actor, team, seq, { version });
const react = (actor: Actor, emoji: string, seq = text.seq) => node.changes.addReaction(actor, team, seq, emoji);
const unreact = (actor: Actor, emoji: string, seq = text.seq) => node.changes.removeReaction(actor, team, seq, emoji);

/** The fact that tells of a change that took the number `seq`. */
const factOf = (change: MessageChange, seq: number, message: MessageView) => ({
  type: 'message:changed',
  audience: { conversationId: team },
  position: { conversationId: team, seq, memberVersion: 2 },
  payload: { conversationId: team, seq, message, change },
});

/** Expects that `work` takes no number and tells nothing. */
async function expectNoChange<T>(work: () => Promise<T>): Promise<T> {
  const before = [await node.lastSeq(team), node.published.length];
  const result = await work();
  expect([await node.lastSeq(team), node.published.length]).toEqual(before);
  return result;
}

describe('editing', () => {
  it('gives a message another text, in its place, and says so', async () => {
    const edited = await edit(cleo, 'Tea at six');
    expect(edited).toEqual({
      ...(await node.show(cleo, team, text.seq)),
      body: 'Tea at six',
      createdAt: text.createdAt,
      editedAt: expect.stringMatching(/Z$/) as string,
      changedSeq: text.seq + 1,
      version: 2,
    });
    expect(node.published).toEqual([[factOf('edited', text.seq + 1, edited)]]);
  });

  it('takes one number each time, and the message keeps the latest', async () => {
    await edit(cleo, 'Tea at six');
    expect(await edit(cleo, 'Tea at seven')).toMatchObject({ changedSeq: text.seq + 2, version: 3 });
    expect((await node.say(ada, team, 'Fine')).seq).toBe(text.seq + 3);
  });

  it('changes nothing when the text is the same, whatever version was seen', async () => {
    const edited = await edit(cleo, 'Tea at six', 1);
    expect(await expectNoChange(() => edit(cleo, 'Tea at six', 1))).toEqual(edited);
    expect(await expectNoChange(() => edit(cleo, 'Tea at six'))).toEqual(edited);
  });

  it('is refused when the message has another version by now', async () => {
    await edit(cleo, 'Tea at six', 1);
    expect(await expectNoChange(() => codeOf(edit(cleo, 'Tea at seven', 1)))).toBe('version_conflict');
    expect(await codeOf(edit(cleo, 'Tea at seven', 2))).toBe('done');
  });

  it('is for the author alone, whoever leads the group', async () => {
    for (const other of [ada, ben, dora]) {
      expect(await expectNoChange(() => codeOf(edit(other, 'No tea')))).toBe('action_forbidden');
    }
  });

  it('ends with the deletion', async () => {
    await remove(cleo);
    expect(await expectNoChange(() => codeOf(edit(cleo, 'Tea at five')))).toBe('message_deleted');
    expect(await expectNoChange(() => codeOf(edit(dora, 'Tea at five')))).toBe('action_forbidden');
  });

  it('keeps what the message answers', async () => {
    const answer = await node.say(dora, team, 'Yes', text.seq);
    expect(await edit(dora, 'Yes!', 1, answer.seq)).toMatchObject({ replyTo: text.seq, clientId: answer.clientId });
  });
});

describe('deleting', () => {
  it('takes the text, the reactions and nothing else', async () => {
    const answer = await node.say(dora, team, 'Yes', text.seq);
    await react(ada, '👍', answer.seq);
    node.published.length = 0;
    const deleted = await remove(dora, 1, answer.seq);
    const { duplicate: _, ...sent } = answer;
    expect(deleted).toEqual({
      ...sent,
      body: null,
      deletedAt: expect.stringMatching(/Z$/) as string,
      changedSeq: answer.seq + 2,
      version: 2,
    });
    expect(await node.show(ada, team, answer.seq)).toEqual(deleted);
    expect(node.published).toEqual([[factOf('deleted', answer.seq + 2, deleted)]]);
  });

  it.each([
    ['the author', () => cleo, 'done'],
    ['the owner of the group', () => ada, 'done'],
    ['an admin of the group', () => ben, 'done'],
    ['another member', () => dora, 'action_forbidden'],
  ])('by %s: %s', async (_who, actor, code) => {
    expect(await codeOf(remove(actor()))).toBe(code);
  });

  it('lets an admin delete what the owner wrote', async () => {
    const { seq } = await node.say(ada, team, 'No tea');
    expect(await codeOf(remove(ben, 1, seq))).toBe('done');
  });

  it('changes nothing the second time, whatever version was seen', async () => {
    const deleted = await remove(cleo, 1);
    expect(await expectNoChange(() => remove(cleo, 1))).toEqual(deleted);
    expect(await expectNoChange(() => remove(ada))).toEqual(deleted);
    expect(await expectNoChange(() => codeOf(remove(dora)))).toBe('action_forbidden');
  });

  it('is refused when the message has another version by now', async () => {
    await edit(cleo, 'Tea at six');
    expect(await expectNoChange(() => codeOf(remove(cleo, 1)))).toBe('version_conflict');
    expect(await codeOf(remove(cleo, 2))).toBe('done');
  });

  it('leaves the answers to the message in place', async () => {
    const answer = await node.say(dora, team, 'Yes', text.seq);
    await remove(cleo);
    expect(await node.show(dora, team, answer.seq)).toMatchObject({ body: 'Yes', replyTo: text.seq, changedSeq: null });
    expect(await codeOf(node.say(dora, team, 'No', text.seq))).toBe('reply_target_not_found');
  });
});

describe('reacting', () => {
  it('adds an emoji and one to who else has it, in the order in which they came', async () => {
    await react(ben, '🎉');
    await react(ada, '👍');
    const reacted = await react(ada, '🎉');
    expect(reacted).toMatchObject({ body: text.body, editedAt: null, version: 1, changedSeq: text.seq + 3 });
    expect(reacted.reactions).toEqual([
      { emoji: '🎉', count: 2, userIds: [ben.userId, ada.userId] },
      { emoji: '👍', count: 1, userIds: [ada.userId] },
    ]);
    expect(node.published.at(-1)).toEqual([factOf('reaction_added', text.seq + 3, reacted)]);
  });

  it('takes back one person’s emoji and nobody else’s', async () => {
    await react(ada, '👍');
    await react(ben, '👍');
    await react(ada, '🎉');
    const left = await unreact(ada, '👍');
    expect(left.reactions).toEqual([
      { emoji: '👍', count: 1, userIds: [ben.userId] },
      { emoji: '🎉', count: 1, userIds: [ada.userId] },
    ]);
    expect(left).toMatchObject({ version: 1, changedSeq: text.seq + 4 });
    expect(node.published.at(-1)).toEqual([factOf('reaction_removed', text.seq + 4, left)]);
  });

  it('changes nothing when the reaction is there, or is not there to be taken back', async () => {
    expect(await expectNoChange(() => unreact(ada, '👍'))).toMatchObject({ changedSeq: null, reactions: [] });
    const reacted = await react(ada, '👍');
    expect(await expectNoChange(() => react(ada, '👍'))).toEqual(reacted);
    expect(await expectNoChange(() => unreact(ben, '👍'))).toEqual(reacted);
    expect(await expectNoChange(() => unreact(ada, '🎉'))).toEqual(reacted);
  });

  it('stays through an edit and goes with the deletion', async () => {
    await react(ada, '👍');
    expect((await edit(cleo, 'Tea at six')).reactions).toHaveLength(1);
    expect((await remove(cleo)).reactions).toEqual([]);
    expect(await expectNoChange(() => codeOf(react(ada, '👍')))).toBe('message_deleted');
    expect(await expectNoChange(() => codeOf(unreact(ada, '👍')))).toBe('message_deleted');
  });

  it('takes 20 kinds and no more', async () => {
    const kinds = Array.from({ length: LIMITS.reactionKindsMax }, (_, index) => String.fromCodePoint(0x1f600 + index));
    for (const emoji of kinds) await react(ada, emoji);
    expect(await expectNoChange(() => codeOf(react(ben, '👍')))).toBe('reaction_limit_reached');
    expect(await codeOf(react(ben, kinds[7] ?? ''))).toBe('done');
    await unreact(ada, kinds[0] ?? '');
    expect(await codeOf(react(ben, '👍'))).toBe('done');
  });
});

describe('every change', () => {
  const everything = (actor: Actor, seq: number) => [
    codeOf(edit(actor, 'Changed', undefined, seq)),
    codeOf(remove(actor, undefined, seq)),
    codeOf(react(actor, '👍', seq)),
    codeOf(unreact(actor, '👍', seq)),
  ];
  const refusedAs = (code: string) => [code, code, code, code];

  it('is refused for what the system told', async () => {
    expect(await expectNoChange(() => Promise.all(everything(ada, 1)))).toEqual(refusedAs('action_forbidden'));
  });

  it('is refused for a number without a message: unused, not yet used, or taken by a change', async () => {
    const { changedSeq } = await edit(cleo, 'Tea at six');
    for (const seq of [0, changedSeq ?? 0, 99, Number.MAX_SAFE_INTEGER]) {
      expect(await Promise.all(everything(ada, seq))).toEqual(refusedAs('message_not_found'));
    }
  });

  it('is refused for what was said before one joined, also to its author who came back', async () => {
    const [eva] = (await node.people(1)) as [Actor];
    await node.members.add(ada, team, { userIds: [eva.userId] });
    await node.members.remove(ada, team, cleo.userId);
    await node.members.add(ada, team, { userIds: [cleo.userId] });
    for (const late of [eva, cleo]) {
      expect(await Promise.all(everything(late, text.seq))).toEqual(refusedAs('message_not_found'));
    }
  });

  it('is refused to strangers and to people who left, as if there were nothing', async () => {
    const [stranger] = (await node.people(1)) as [Actor];
    await node.members.remove(cleo, team, cleo.userId);
    for (const outsider of [stranger, cleo]) {
      expect(await Promise.all(everything(outsider, text.seq))).toEqual(refusedAs('conversation_not_found'));
    }
    expect(await codeOf(node.changes.delete(ada, newId(), 1, {}))).toBe('conversation_not_found');
  });
});

describe('a change of a message that came before somebody joined', () => {
  it('is told to those who were there, and to nobody else', async () => {
    const [eva] = (await node.people(1)) as [Actor];
    await node.members.add(ada, team, { userIds: [eva.userId] });
    const later = await node.say(ada, team, 'Welcome');
    node.published.length = 0;
    await edit(cleo, 'Tea at six');
    await react(ben, '👍', later.seq);
    const [[edited] = [], [reacted] = []] = node.published;
    const { userIds } = edited?.audience as { userIds: string[] };
    expect([...userIds].sort()).toEqual([ada, ben, cleo, dora].map(({ userId }) => userId).sort());
    expect(reacted?.audience).toEqual({ conversationId: team });
  });
});

describe('a direct conversation with a block', () => {
  let pair: string;
  let mine: MessageView, theirs: MessageView;

  beforeEach(async () => {
    pair = await node.direct(ada, ben);
    mine = await node.say(ada, pair, 'Hello');
    theirs = await node.say(ben, pair, 'Go away');
    await node.changes.addReaction(ada, pair, theirs.seq, '👍');
  });

  it.each([
    ['blocks', () => node.users.block(ada, ben.userId)],
    ['is blocked', () => node.users.block(ben, ada.userId)],
  ])('hears nothing new from who %s, who may still take back', async (_way, block) => {
    await block();
    expect(await codeOf(node.changes.edit(ada, pair, mine.seq, { body: 'Hello?' }))).toBe('user_blocked');
    expect(await codeOf(node.changes.addReaction(ada, pair, theirs.seq, '🎉'))).toBe('user_blocked');
    // Done before the block: whoever asks again only learns that it was.
    expect(await codeOf(node.changes.edit(ada, pair, mine.seq, { body: 'Hello' }))).toBe('done');
    expect(await codeOf(node.changes.addReaction(ada, pair, theirs.seq, '👍'))).toBe('done');
    expect(await codeOf(node.changes.removeReaction(ada, pair, theirs.seq, '👍'))).toBe('done');
    expect(await codeOf(node.changes.delete(ada, pair, mine.seq, {}))).toBe('done');
  });

  it('lets nobody delete what the other said', async () => {
    expect(await codeOf(node.changes.delete(ada, pair, theirs.seq, {}))).toBe('action_forbidden');
  });

  it('goes on with a group that the two are in', async () => {
    await node.users.block(ada, cleo.userId);
    expect(await codeOf(edit(cleo, 'Tea at six'))).toBe('done');
    expect(await codeOf(react(ada, '👍'))).toBe('done');
  });
});
