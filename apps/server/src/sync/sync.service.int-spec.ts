import type { MessageView, SyncReply, SyncUpdate } from '@parley/contracts';
import { interrupt } from '../../../../test/support/conversations-node.js';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import { Epoch } from '../database/epoch.js';
import { SyncModule } from './sync.module.js';
import { SyncService } from './sync.service.js';

let node: MessagesNode;
let ada: Actor, ben: Actor, cleo: Actor;
let team: string;

beforeAll(async () => {
  node = await startMessages({}, [SyncModule]);
});

beforeEach(async () => {
  [ada, ben, cleo] = (await node.people(3)) as [Actor, Actor, Actor];
  team = await node.group(ada, ben);
});

afterAll(() => node.close());

const epoch = (): string => node.get(Epoch).value;

const sync = (actor: Actor, cursors: Record<string, number>): Promise<SyncReply> =>
  node.get(SyncService).sync(actor, { epoch: epoch(), cursors });

/** What somebody missed of the team. */
const missed = async (actor: Actor, cursor: number): Promise<SyncUpdate | undefined> =>
  (await sync(actor, { [team]: cursor })).updates[0];

const sayAll = async (...bodies: string[]): Promise<void> => {
  for (const body of bodies) await node.say(ada, team, body);
};

const seqs = (messages: readonly MessageView[] = []): number[] => messages.map(({ seq }) => seq);

describe('a delta', () => {
  it('is not there when nothing was missed', async () => {
    await sayAll('one', 'two');
    const reply = await sync(ben, { [team]: 3 });
    expect(reply).toMatchObject({ epoch: epoch(), updates: [], removed: [], more: false, nextCursor: null });
    expect(reply.conversations).toMatchObject([{ conversation: { id: team }, lastSeq: 3, unread: 2 }]);
  });

  it('has what was sent and what was changed, as it is now, in the order of the messages', async () => {
    await sayAll('one', 'two', 'three');
    await node.changes.edit(ada, team, 2, { body: 'one, corrected' });
    await node.changes.addReaction(ben, team, 3, '👍');
    await node.say(ben, team, 'four');
    const now = await Promise.all([2, 3, 4, 7].map((seq) => node.show(ben, team, seq)));
    expect(await missed(ben, 3)).toEqual({ conversationId: team, kind: 'delta', from: 3, to: 7, messages: now });
    expect(seqs((await missed(ben, 5))?.messages)).toEqual([3, 7]);
    expect(seqs((await missed(ben, 6))?.messages)).toEqual([7]);
  });

  it('has a message once that changed twice, and leads over the number that was replaced', async () => {
    await sayAll('one');
    await node.changes.edit(ada, team, 2, { body: 'two' });
    await node.changes.edit(ada, team, 2, { body: 'three' });
    const now = await node.show(ben, team, 2);
    for (const cursor of [1, 2, 3]) {
      const delta = { conversationId: team, kind: 'delta', from: cursor, to: 4, messages: [now] };
      expect(await missed(ben, cursor)).toEqual(delta);
    }
    expect(await missed(ben, 4)).toBeUndefined();
  });

  it('never has a text that was deleted', async () => {
    await sayAll('a secret');
    await node.changes.addReaction(ben, team, 2, '👍');
    await node.changes.delete(ada, team, 2, {});
    for (const cursor of [1, 2, 3]) {
      const reply = await sync(ben, { [team]: cursor });
      expect(reply.updates).toMatchObject([{ to: 4, messages: [{ seq: 2, body: null, reactions: [] }] }]);
      expect(JSON.stringify(reply)).not.toContain('secret');
    }
  });

  it('has system messages and tells of members', async () => {
    await node.members.add(ada, team, { userIds: [cleo.userId] });
    const reply = await sync(ben, { [team]: 1 });
    expect(reply.updates).toMatchObject([{ messages: [{ seq: 2, data: { event: 'members_added' } }] }]);
    expect(reply.conversations).toMatchObject([{ conversation: { memberCount: 3 } }]);
  });

  it('has nothing of older messages for somebody who joined after them, and leads over their numbers', async () => {
    await sayAll('before');
    await node.members.add(ada, team, { userIds: [cleo.userId] });
    await node.changes.edit(ada, team, 2, { body: 'changed later' });
    const reply = await sync(cleo, { [team]: 3 });
    expect(reply.updates).toEqual([{ conversationId: team, kind: 'delta', from: 3, to: 4, messages: [] }]);
    await node.changes.addReaction(ben, team, 2, '👍');
    await sayAll('for all');
    expect(seqs((await missed(cleo, 2))?.messages)).toEqual([3, 6]);
    expect(JSON.stringify([reply, await missed(cleo, 2)])).not.toContain('changed later');
  });
});

describe('a new start', () => {
  it('is for a cursor that is too far behind: the latest messages', async () => {
    await Promise.all(Array.from({ length: 210 }, (_, index) => node.say(ada, team, `${index}`)));
    const update = await missed(ben, 10);
    expect(update).toMatchObject({ conversationId: team, kind: 'reset', head: 211, hasMoreBefore: true });
    expect(seqs(update?.messages)).toEqual(Array.from({ length: 30 }, (_, index) => 182 + index));
    expect(await missed(ben, 11)).toMatchObject({ kind: 'delta', from: 11, to: 211 });
  });

  it('is for a cursor beyond the head', async () => {
    await sayAll('one');
    const update = await missed(ben, 3);
    expect(update).toMatchObject({ kind: 'reset', head: 2, hasMoreBefore: false });
    expect(seqs(update?.messages)).toEqual([1, 2]);
  });

  it('shows a newcomer nothing from before they joined', async () => {
    await sayAll('before');
    await node.members.add(ada, team, { userIds: [cleo.userId] });
    await sayAll('after');
    const update = await missed(cleo, 1);
    expect(update).toMatchObject({ kind: 'reset', head: 4, hasMoreBefore: false });
    expect(seqs(update?.messages)).toEqual([3, 4]);
  });

  it('is for somebody who was away in between, without what was said meanwhile', async () => {
    await sayAll('one');
    await node.members.remove(ada, team, ben.userId);
    await sayAll('a secret');
    await node.members.add(ada, team, { userIds: [ben.userId] });
    const reply = await sync(ben, { [team]: 3 });
    expect(reply.updates).toMatchObject([{ kind: 'reset', head: 5, messages: [{ seq: 5 }], hasMoreBefore: false }]);
    expect(JSON.stringify(reply)).not.toContain('secret');
  });

  it.each([null, undefined, 'another epoch'])('is for every cursor of the epoch %j', async (other) => {
    const direct = await node.direct(ada, ben);
    await sayAll('one');
    const reply = await node.get(SyncService).sync(ben, { epoch: other, cursors: { [team]: 2, [direct]: 0 } });
    expect(reply).toMatchObject({ epoch: epoch(), more: false });
    const heads = reply.updates.map((update) => [update.conversationId, update.kind === 'reset' ? update.head : null]);
    expect(Object.fromEntries(heads)).toEqual({ [team]: 2, [direct]: 0 });
  });
});

describe('an answer', () => {
  it('says of which cursors one is no member, and nothing of those conversations', async () => {
    const others = await node.group(ada, cleo);
    const left = await node.group(ada, ben);
    await node.say(ada, others, 'a secret');
    await node.members.remove(ada, left, ben.userId);
    await node.say(ada, left, 'a secret');
    const unknown = newId();
    const reply = await sync(ben, { [others]: 1, [left]: 1, [unknown]: 7, [team]: 1 });
    expect([...reply.removed].sort()).toEqual([others, left, unknown].sort());
    expect(reply.updates).toEqual([]);
    expect(JSON.stringify(reply)).not.toContain('secret');
  });

  it('has the first page of the list, what was updated beyond it, and where the list goes on', async () => {
    const oldest = await node.group(cleo, ben);
    await node.say(cleo, oldest, 'once');
    for (let count = 0; count < 52; count += 1) await node.group(ada, ben);
    await node.say(ada, team, 'Hello');
    // A change is no activity: the conversation stays where it is in the list.
    await node.changes.edit(cleo, oldest, 2, { body: 'twice' });

    const reply = await sync(ben, { [oldest]: 2, [team]: 1 });
    expect(reply.updates.map(({ conversationId }) => conversationId)).toEqual([team, oldest]);
    const ids = reply.conversations.map(({ conversation }) => conversation.id);
    expect(ids).toHaveLength(51);
    expect([ids[0], ids[50]]).toEqual([team, oldest]);
    const rest = await node.conversations.list(ben, { cursor: reply.nextCursor ?? '' });
    expect(rest.items.map(({ conversation }) => conversation.id).at(-1)).toBe(oldest);
    expect(new Set([...ids, ...rest.items.map(({ conversation }) => conversation.id)]).size).toBe(54);
  });

  it('is the state of one moment, whatever is committed meanwhile', async () => {
    await sayAll('one');
    const later = async () => {
      await sayAll('two');
      await node.changes.delete(ada, team, 2, {});
      await node.members.remove(ada, team, ben.userId);
    };
    const reply = await interrupt(node.dataSource, () => sync(ben, { [team]: 1 }), later);
    expect(reply.removed).toEqual([]);
    expect(reply.updates).toMatchObject([{ to: 2, messages: [{ seq: 2, body: 'one', changedSeq: null }] }]);
    expect(reply.conversations).toMatchObject([{ lastSeq: 2, unread: 1, conversation: { memberCount: 2 } }]);
    expect(await sync(ben, { [team]: 2 })).toMatchObject({ removed: [team], updates: [], conversations: [] });
  });

  it('asks for nothing when there are no cursors', async () => {
    const reply = await sync(ben, {});
    expect(reply).toMatchObject({ updates: [], removed: [], more: false });
    expect(reply.conversations).toHaveLength(1);
    expect(await sync(cleo, {})).toMatchObject({ conversations: [], nextCursor: null, updates: [], more: false });
  });
});
