import type { MessageView } from '@parley/contracts';
import type { Seen } from './compare.js';
import { HeardMessages, Recording } from './recording.js';

const message = (seq: number): Seen => ({ seq, clientId: `id ${seq}`, senderId: 'ada', body: String(seq) });

const seqs = (recording: Recording): number[] => recording.seen.map(({ seq }) => seq);

describe('a recording', () => {
  let recording: Recording;

  beforeEach(() => {
    recording = new Recording();
  });

  it('keeps what is heard as it comes: twice, and in a wrong order', () => {
    for (const seq of [1, 3, 2, 2]) recording.hear(message(seq));
    expect(seqs(recording)).toEqual([1, 3, 2, 2]);
    expect(recording.lastSeq).toBe(3);
  });

  it('puts what was missed before what comes after the break, and drops the overlap', () => {
    recording.hear(message(1));
    recording.beginRepair();
    for (const seq of [3, 4, 5]) recording.hear(message(seq));
    recording.finishRepair([2, 3, 4].map(message));
    recording.hear(message(6));
    expect(seqs(recording)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('forgets what came over a connection that broke before the repair was done', () => {
    recording.hear(message(1));
    recording.beginRepair();
    recording.hear(message(4));
    recording.beginRepair();
    recording.hear(message(5));
    recording.finishRepair([2, 3, 4, 5].map(message));
    expect(seqs(recording)).toEqual([1, 2, 3, 4, 5]);
  });

  it('drops what history had before it was told, once', () => {
    recording.beginRepair();
    recording.finishRepair([message(1)]);
    recording.hear(message(1));
    expect(seqs(recording)).toEqual([1]);
    recording.hear(message(1));
    expect(seqs(recording)).toEqual([1, 1]);
  });

  it('still shows what comes twice, once in the repair and once after it', () => {
    recording.beginRepair();
    recording.hear(message(1));
    recording.finishRepair([message(1)]);
    recording.hear(message(1));
    expect(seqs(recording)).toEqual([1, 1]);
  });

  it('tells when a number is reached, live or by a repair, or that it was not in time', async () => {
    const live = recording.reaches(1, 5_000);
    const repaired = recording.reaches(2, 5_000);
    recording.hear(message(1));
    recording.beginRepair();
    recording.finishRepair([message(2)]);
    expect(await Promise.all([live, repaired, recording.reaches(2, 0), recording.reaches(3, 1)])).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('the messages that many hear', () => {
  const view = (body: string): MessageView => ({ seq: 1, clientId: 'id', senderId: 'ada', body }) as MessageView;

  it('are kept once for all who hear the same', () => {
    const heard = new HeardMessages();
    const first = heard.intern(view('hello'));
    expect(heard.intern(view('hello'))).toBe(first);
    expect(heard.intern(view('hullo'))).toEqual({ seq: 1, clientId: 'id', senderId: 'ada', body: 'hullo' });
    expect(first.body).toBe('hello');
  });
});
