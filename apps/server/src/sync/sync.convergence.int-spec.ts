import { LIMITS, type MessageView, type SyncReply } from '@parley/contracts';
import fc from 'fast-check';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import { Epoch } from '../database/epoch.js';
import { SyncModule } from './sync.module.js';
import { SyncService } from './sync.service.js';

const GROUPS = 4;
const RUNS = 8;

/** Something that ada does in one of the groups, to a message of hers that lies so far back, if there is one. */
interface Deed {
  group: number;
  kind: 'say' | 'say a lot' | 'edit' | 'delete' | 'react';
  back: number;
}

const deed = fc.record<Deed>({
  group: fc.nat(GROUPS - 1),
  kind: fc.constantFrom('say', 'say', 'say a lot', 'say a lot', 'edit', 'edit', 'delete', 'react'),
  back: fc.nat(12),
});
/** What happens between two visits; now and then more than an answer holds. */
const absence = fc.array(deed, { minLength: 1, maxLength: 150, size: 'max' });
/** Twenty of them are more than an answer holds. */
const A_LOT = '茶'.repeat(LIMITS.bodyMaxCharacters);

let node: MessagesNode;
let ada: Actor, ben: Actor;
let groups: string[];

beforeAll(async () => {
  node = await startMessages({}, [SyncModule]);
});

afterAll(() => node.close());

async function perform({ group, kind, back }: Deed): Promise<void> {
  const id = groups[group] ?? '';
  if (kind === 'say' || kind === 'say a lot') {
    await node.say(ada, id, kind === 'say' ? newId() : A_LOT);
    return;
  }
  const texts = (await historyOf(id)).filter((message) => message.kind === 'text' && message.deletedAt === null);
  const seq = texts.at(-1 - back)?.seq;
  if (seq === undefined) return;
  if (kind === 'edit') await node.changes.edit(ada, id, seq, { body: newId() });
  if (kind === 'delete') await node.changes.delete(ada, id, seq, {});
  if (kind === 'react') await node.changes.addReaction(ada, id, seq, '👍');
}

async function historyOf(id: string): Promise<MessageView[]> {
  const { items } = await node.messages.history(ben, id, { limit: LIMITS.historyPageMax });
  return items;
}

/** What a client of ben's keeps: of each conversation its position and messages. */
class Copy {
  private readonly cursors = new Map<string, number>();
  private readonly messages = new Map<string, Map<number, MessageView>>();

  constructor(ids: readonly string[]) {
    for (const id of ids) this.cursors.set(id, 0);
  }

  /** Asks until there is no more. Each answer leads on and keeps its bounds. */
  async catchUp(): Promise<void> {
    for (let more = true; more;) {
      const cursors = Object.fromEntries(this.cursors);
      const reply = await node.get(SyncService).sync(ben, { epoch: node.get(Epoch).value, cursors });
      this.take(reply);
      ({ more } = reply);
      const told = reply.updates.flatMap(({ messages }) => messages);
      expect(told.length).toBeLessThanOrEqual(LIMITS.syncMessagesMax);
      const bytes = told.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);
      expect(bytes).toBeLessThanOrEqual(LIMITS.syncBytesMax);
      if (more) expect(Object.fromEntries(this.cursors)).not.toEqual(cursors);
    }
  }

  shown(id: string): MessageView[] {
    return [...(this.messages.get(id)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
  }

  private take({ updates }: SyncReply): void {
    for (const update of updates) {
      const { conversationId: id } = update;
      const known = update.kind === 'reset' ? [] : (this.messages.get(id) ?? []);
      this.messages.set(id, new Map([...known, ...update.messages.map((message) => [message.seq, message] as const)]));
      this.cursors.set(id, update.kind === 'reset' ? update.head : update.to);
    }
  }
}

describe('asking until there is no more', () => {
  it('leads to the state of the server, whatever happened between the visits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(absence, { minLength: 1, maxLength: 3, size: 'max' }), async (absences) => {
        [ada, ben] = (await node.people(2)) as [Actor, Actor];
        groups = [];
        for (let count = 0; count < GROUPS; count += 1) groups.push(await node.group(ada, ben));
        const copy = new Copy(groups);
        for (const deeds of absences) {
          for (const one of deeds) await perform(one);
          await copy.catchUp();
          for (const id of groups) {
            const shown = copy.shown(id);
            const first = shown[0]?.seq ?? 0;
            const history = await historyOf(id);
            expect(shown.slice(-history.length)).toEqual(history.filter(({ seq }) => seq >= first));
          }
        }
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
