import type { MessageView } from '@parley/contracts';
import { answerMissing, connectionFailed, ParleyError } from './errors.js';
import { Outbox, type OutboxItem } from './outbox.js';
import { memoryStorage, type KeyValueStorage } from './storage.js';

const TEA = 'tea';
const ADA = 'ada';

/** The server's side of an outbox: what it was asked to store, and what it answers. */
class Desk {
  readonly asked: OutboxItem[] = [];
  readonly stored: string[] = [];
  /** What the next tries are refused with. */
  refusals: ParleyError[] = [];
  outbox: Outbox;

  constructor(readonly storage: KeyValueStorage = memoryStorage()) {
    this.outbox = this.open();
  }

  /** A new page over the same storage. */
  open(): Outbox {
    this.outbox = new Outbox({
      storage: this.storage,
      send: async (item) => {
        this.asked.push(item);
        await Promise.resolve();
        const refusal = this.refusals.shift();
        if (refusal !== undefined) throw refusal;
        this.stored.push(item.body);
        return toMessage(item, this.stored.length);
      },
      onSent: () => undefined,
    });
    return this.outbox;
  }

  states(conversationId = TEA): string[] {
    return this.outbox
      .of(conversationId)
      .getSnapshot()
      .map(({ body, state }) => `${body} ${state}`);
  }
}

function toMessage({ conversationId, clientId, body }: OutboxItem, seq: number): MessageView {
  return { conversationId, clientId, body, seq } as MessageView;
}

/** Soon again, so that the tests need not wait. */
const busy = (): ParleyError => new ParleyError('server_busy', 'Come back', { retryable: true, retryInMs: 1 });
const refused = (): ParleyError => new ParleyError('user_blocked', 'No', { status: 403 });

describe('the outbox', () => {
  it('sends nothing before it is started, and then in the order of writing', async () => {
    const desk = new Desk();
    const sent = ['one', 'two', 'three'].map((body) => desk.outbox.add(TEA, body, null).sent);
    expect(desk.asked).toEqual([]);
    expect(desk.states()).toEqual(['one pending', 'two pending', 'three pending']);
    desk.outbox.start();
    expect((await Promise.all(sent)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(desk.stored).toEqual(['one', 'two', 'three']);
    expect(desk.states()).toEqual([]);
  });

  it('tries again with the same client id, and lets nothing overtake', async () => {
    const desk = new Desk();
    desk.refusals = [busy(), connectionFailedSoon(), answerMissingSoon()];
    desk.outbox.start();
    const [first, second] = ['one', 'two'].map((body) => desk.outbox.add(TEA, body, null));
    await Promise.all([first?.sent, second?.sent]);
    expect(desk.asked.map(({ body }) => body)).toEqual(['one', 'one', 'one', 'one', 'two']);
    expect(new Set(desk.asked.map(({ clientId }) => clientId)).size).toBe(2);
  });

  it('does not let one conversation wait for another', async () => {
    const desk = new Desk();
    desk.refusals = [new ParleyError('server_busy', 'Much later', { retryable: true, retryInMs: 60_000 })];
    desk.outbox.start();
    desk.outbox.add(TEA, 'waits', null);
    await desk.outbox.add('coffee', 'goes', null).sent;
    expect(desk.states()).toEqual(['waits pending']);
    desk.outbox.stop();
  });

  it('keeps what was refused for good, says why, and goes on with the next', async () => {
    const desk = new Desk();
    desk.refusals = [refused()];
    desk.outbox.start();
    const first = desk.outbox.add(TEA, 'one', null);
    const second = desk.outbox.add(TEA, 'two', null);
    await expect(first.sent).rejects.toMatchObject({ code: 'user_blocked' });
    await second.sent;
    expect(desk.states()).toEqual(['one failed']);
    expect(desk.outbox.of(TEA).getSnapshot()[0]?.error).toMatchObject({ code: 'user_blocked' });
    desk.outbox.retry(first.item.clientId);
    expect(desk.states()).toEqual(['one pending']);
    await Promise.resolve();
    await Promise.resolve();
    expect(desk.asked.at(-1)?.clientId).toBe(first.item.clientId);
  });

  it('discards what failed and what was never tried, and nothing that may be under way', async () => {
    const desk = new Desk();
    await desk.outbox.open(ADA);
    const untried = desk.outbox.add(TEA, 'zero', null);
    desk.outbox.discard(untried.item.clientId);
    await expect(untried.sent).rejects.toMatchObject({ code: 'message_discarded' });
    expect(desk.states()).toEqual([]);
    desk.refusals = [refused()];
    desk.outbox.start();
    const { item, sent } = desk.outbox.add(TEA, 'one', null);
    desk.outbox.discard(item.clientId);
    expect(desk.states()).toEqual(['one pending']);
    await expect(sent).rejects.toMatchObject({ code: 'user_blocked' });
    desk.outbox.discard(item.clientId);
    expect(desk.states()).toEqual([]);
    expect(desk.asked.map(({ body }) => body)).toEqual(['one']);
    expect(await desk.storage.keys('parley:outbox:')).toEqual([]);
  });

  it('sends a text in the name of nobody but its author', async () => {
    const desk = new Desk();
    await desk.outbox.open(ADA);
    const { sent } = desk.outbox.add(TEA, 'words of Ada', null);
    desk.outbox.close();
    await expect(sent).rejects.toMatchObject({ code: 'not_logged_in' });
    expect(desk.states()).toEqual([]);
    await desk.outbox.open('ben');
    desk.outbox.start();
    await desk.outbox.add(TEA, 'words of Ben', null).sent;
    expect(desk.stored).toEqual(['words of Ben']);
    await desk.outbox.clear();
    const again = desk.open();
    await again.open(ADA);
    expect(desk.states()).toEqual(['words of Ada pending']);
  });

  it('stores what was written before it is known by whom, as soon as it is', async () => {
    const desk = new Desk();
    desk.outbox.add(TEA, 'early', null);
    expect(await desk.storage.keys('')).toEqual([]);
    await desk.outbox.open(ADA);
    const next = desk.open();
    await next.open(ADA);
    expect(desk.states()).toEqual(['early pending']);
  });

  it('is taken up by the next page, failures too, in the same order', async () => {
    const desk = new Desk();
    await desk.outbox.open(ADA);
    desk.refusals = [refused()];
    desk.outbox.start();
    await desk.outbox.add(TEA, 'failed', 7).sent.catch(() => undefined);
    desk.outbox.stop();
    for (const body of ['one', 'two']) desk.outbox.add(TEA, body, null);
    const next = desk.open();
    next.add(TEA, 'three', null);
    await next.open(ADA);
    expect(desk.states()).toEqual(['failed failed', 'one pending', 'two pending', 'three pending']);
    expect(next.of(TEA).getSnapshot()[0]).toMatchObject({ replyTo: 7, error: { code: 'user_blocked' } });
    next.start();
    await next.add(TEA, 'four', null).sent;
    expect(desk.stored).toEqual(['one', 'two', 'three', 'four']);
  });

  it('knows its text by the client id when it comes back some other way', async () => {
    const desk = new Desk();
    const { item, sent } = desk.outbox.add(TEA, 'one', null);
    desk.outbox.confirm(toMessage({ ...item, conversationId: 'coffee' }, 5));
    expect(desk.states()).toEqual(['one pending']);
    desk.outbox.confirm(toMessage(item, 5));
    expect((await sent).seq).toBe(5);
    desk.outbox.start();
    expect(desk.asked).toEqual([]);
  });

  it('forgets everything when it is cleared, in the storage too', async () => {
    const desk = new Desk();
    await desk.outbox.open(ADA);
    const { sent } = desk.outbox.add(TEA, 'one', null);
    await desk.outbox.clear();
    await expect(sent).rejects.toMatchObject({ code: 'not_logged_in' });
    expect(desk.states()).toEqual([]);
    expect(await desk.storage.keys('')).toEqual([]);
  });

  it('ignores what it cannot read in the storage', async () => {
    const storage = memoryStorage();
    await storage.set('parley:outbox:ada:1', 'not JSON');
    await storage.set('parley:outbox:ada:2', '{"clientId":1}');
    const desk = new Desk(storage);
    await desk.outbox.open(ADA);
    expect(desk.states()).toEqual([]);
  });
});

function connectionFailedSoon(): ParleyError {
  return new ParleyError(connectionFailed().code, 'Broken', { retryable: true, retryInMs: 1 });
}

function answerMissingSoon(): ParleyError {
  return new ParleyError(answerMissing().code, 'Silent', { retryable: true, retryInMs: 1 });
}
