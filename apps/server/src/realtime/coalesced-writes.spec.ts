import { Duplex } from 'node:stream';
import { coalesceWrites } from './coalesced-writes.js';

describe('coalesced writes', () => {
  /** What reached the system, a list for each call. */
  let calls: string[][];
  let stream: Duplex;

  beforeEach(() => {
    calls = [];
    stream = new Duplex({
      decodeStrings: false,
      read: () => undefined,
      writev: (chunks, done) => {
        calls.push(chunks.map(({ chunk }) => String(chunk)));
        done();
      },
      write: (chunk, _encoding, done) => {
        calls.push([String(chunk)]);
        done();
      },
    });
    coalesceWrites(stream);
  });

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('are one call for everything of one turn, in order', async () => {
    for (const text of ['1', '2', '3']) stream.write(text);
    await turn();
    expect(calls).toEqual([['1', '2', '3']]);
  });

  it('take along what a promise that was resolved meanwhile writes', async () => {
    const acknowledged = Promise.resolve().then(() => {
      stream.write('1');
      return Promise.resolve().then(() => stream.write('2'));
    });
    await acknowledged;
    await turn();
    expect(calls).toEqual([['1', '2']]);
  });

  it('go out also when the writer corks for itself', async () => {
    stream.cork();
    stream.write('header');
    stream.write('payload');
    stream.uncork();
    stream.write('next');
    await turn();
    expect(calls).toEqual([['header', 'payload', 'next']]);
  });

  it('begin anew in the next turn', async () => {
    stream.write('1');
    await turn();
    stream.write('2');
    await turn();
    expect(calls).toEqual([['1'], ['2']]);
  });

  it('tell each writer that its own is done', async () => {
    const done: string[] = [];
    stream.write('1', () => done.push('1'));
    stream.write('2', () => done.push('2'));
    await turn();
    expect(done).toEqual(['1', '2']);
  });
});
