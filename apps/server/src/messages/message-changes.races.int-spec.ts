import { LIMITS } from '@parley/contracts';
import { codeOf } from '../../../../test/support/conversations-node.js';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';

const ROUNDS = 10;

let node: MessagesNode;
let ada: Actor, ben: Actor;
let crowd: Actor[];
/** Ada is its owner; made by number 1. */
let team: string;

beforeAll(async () => {
  node = await startMessages();
});

beforeEach(async () => {
  [ada, ben, ...crowd] = (await node.people(52)) as [Actor, Actor, ...Actor[]];
  team = await node.group(ada, ben, ...crowd);
  node.published.length = 0;
});

afterAll(() => node.close());

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const edit = (seq: number, body: string, version?: number) => node.changes.edit(ada, team, seq, { body, version });
const remove = (seq: number) => node.changes.delete(ada, team, seq, {});

/** The numbers of everything that was told of the conversation, ascending. */
const toldSeqs = () =>
  node.published.flatMap(([fact]) => (fact?.position === undefined ? [] : [fact.position.seq])).sort((a, b) => a - b);

describe('changes at the same time', () => {
  it('let 50 people react at once, each with a number, in the order of the numbers', async () => {
    const { seq } = await node.say(ada, team, 'Tea?');
    await Promise.all(crowd.map((person) => node.changes.addReaction(person, team, seq, '👍')));
    const { reactions, changedSeq } = await node.show(ada, team, seq);
    expect(reactions).toHaveLength(1);
    expect(new Set(reactions[0]?.userIds)).toEqual(new Set(crowd.map(({ userId }) => userId)));
    expect(changedSeq).toBe(seq + 50);
    expect(toldSeqs()).toEqual(upTo(51).map((index) => index + 1));
    const facts = node.published.flat().filter((fact) => fact.type === 'message:changed');
    for (const { payload } of facts) {
      const told = payload.message.reactions[0]?.userIds;
      expect(told).toEqual(reactions[0]?.userIds.slice(0, payload.seq - seq));
    }
  });

  it('let no more than 20 kinds in', async () => {
    const { seq } = await node.say(ada, team, 'Tea?');
    const codes = await Promise.all(
      crowd
        .slice(0, 30)
        .map((person, index) =>
          codeOf(node.changes.addReaction(person, team, seq, String.fromCodePoint(0x1f600 + index))),
        ),
    );
    expect(codes.filter((code) => code === 'done')).toHaveLength(LIMITS.reactionKindsMax);
    expect(codes.filter((code) => code === 'reaction_limit_reached')).toHaveLength(10);
    expect((await node.show(ada, team, seq)).reactions).toHaveLength(LIMITS.reactionKindsMax);
    expect(await node.lastSeq(team)).toBe(seq + LIMITS.reactionKindsMax);
  });

  it('let one of two edits of one version win', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { seq } = await node.say(ada, team, 'Tea?');
      const codes = await Promise.all([codeOf(edit(seq, 'Green tea?', 1)), codeOf(edit(seq, 'Black tea?', 1))]);
      expect([...codes].sort()).toEqual(['done', 'version_conflict']);
      const body = codes[0] === 'done' ? 'Green tea?' : 'Black tea?';
      expect(await node.show(ben, team, seq)).toMatchObject({ body, version: 2 });
      expect(await node.lastSeq(team)).toBe(seq + 1);
    }
  });

  it('end with the deletion, whether an edit came before it or too late', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { seq } = await node.say(ada, team, 'Tea?');
      const [edited, deleted] = await Promise.all([codeOf(edit(seq, 'Green tea?')), codeOf(remove(seq))]);
      expect(['done', 'message_deleted']).toContain(edited);
      expect(deleted).toBe('done');
      const version = edited === 'done' ? 3 : 2;
      expect(await node.show(ben, team, seq)).toMatchObject({ body: null, version, changedSeq: seq + version - 1 });
    }
  });

  it('leave no reaction on a deleted message', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { seq } = await node.say(ada, team, 'Tea?');
      const [reacted, deleted] = await Promise.all([
        codeOf(node.changes.addReaction(ben, team, seq, '👍')),
        codeOf(remove(seq)),
      ]);
      expect(['done', 'message_deleted']).toContain(reacted);
      expect(deleted).toBe('done');
      const rows: unknown[] = await node.dataSource.query(
        'SELECT 1 FROM reactions WHERE conversation_id = $1 AND seq = $2',
        [team, seq],
      );
      expect(rows).toEqual([]);
      expect((await node.show(ada, team, seq)).reactions).toEqual([]);
    }
  });

  it('count once when the same is asked for 20 times', async () => {
    const { seq } = await node.say(ada, team, 'Tea?');
    const reacted = await times(20, () => node.changes.addReaction(ben, team, seq, '👍'));
    expect(new Set(reacted.map(({ changedSeq }) => changedSeq))).toEqual(new Set([seq + 1]));
    const edited = await times(20, () => edit(seq, 'Green tea?', 1));
    expect(new Set(edited.map(({ changedSeq }) => changedSeq))).toEqual(new Set([seq + 2]));
    const unreacted = await times(20, () => node.changes.removeReaction(ben, team, seq, '👍'));
    expect(new Set(unreacted.map(({ changedSeq }) => changedSeq))).toEqual(new Set([seq + 3]));
    const deleted = await times(20, () => remove(seq));
    expect(new Set(deleted.map(({ changedSeq }) => changedSeq))).toEqual(new Set([seq + 4]));
    expect(await node.lastSeq(team)).toBe(seq + 4);
    expect(toldSeqs()).toEqual([seq, seq + 1, seq + 2, seq + 3, seq + 4]);
  });

  it('share the number line with sends, without a gap and without a number told twice', async () => {
    const { seq } = await node.say(ada, team, 'Tea?');
    await Promise.all([
      ...crowd.slice(0, 10).map((person) => node.changes.addReaction(person, team, seq, '👍')),
      ...crowd.slice(10, 30).map((person) => node.say(person, team, 'Yes')),
      ...upTo(10).map((index) => edit(seq, `Tea at ${index}?`)),
    ]);
    expect(await node.lastSeq(team)).toBe(seq + 40);
    expect(toldSeqs()).toEqual(upTo(41).map((index) => index + 1));
  });

  it('come strictly before a removal of their author, or not at all', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { seq } = await node.say(ada, team, 'Tea?');
      const leaver = crowd[round] ?? ben;
      const [reacted, removed] = await Promise.all([
        codeOf(node.changes.addReaction(leaver, team, seq, '👍')),
        codeOf(node.members.remove(ada, team, leaver.userId)),
      ]);
      expect(removed).toBe('done');
      const changedSeq = reacted === 'done' ? seq + 1 : null;
      expect(['done', 'conversation_not_found']).toContain(reacted);
      expect((await node.show(ada, team, seq)).changedSeq).toBe(changedSeq);
    }
  });
});
