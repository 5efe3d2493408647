import { SendQueue } from './send-queue.js';

const texts = (queue: SendQueue): string[] => queue.take().map((entry) => entry.text);

describe('SendQueue', () => {
  it('hands out what waits, once and in order', () => {
    const queue = new SendQueue();
    queue.push('one');
    queue.push('two');
    expect(texts(queue)).toEqual(['one', 'two']);
    expect(texts(queue)).toEqual([]);
  });

  it('gives up the oldest when it is full', () => {
    const queue = new SendQueue(10);
    for (const text of ['aaaa', 'bbbb', 'cccc']) queue.push(text);
    expect(texts(queue)).toEqual(['bbbb', 'cccc']);
  });

  it('puts what could not be sent before what came since', () => {
    const queue = new SendQueue();
    queue.push('one');
    const taken = queue.take();
    queue.push('two');
    queue.putBack(taken);
    expect(texts(queue)).toEqual(['one', 'two']);
  });

  it('stays bounded when things are put back', () => {
    const queue = new SendQueue(10);
    queue.push('aaaa');
    const taken = queue.take();
    queue.push('bbbb');
    queue.push('cccc');
    queue.putBack(taken);
    expect(texts(queue)).toEqual(['bbbb', 'cccc']);
  });

  it('gives up what has waited too long', () => {
    const queue = new SendQueue(1_000, -1);
    queue.push('old');
    expect(texts(queue)).toEqual([]);
  });
});
