import { jest } from '@jest/globals';
import { LIMITS } from '@parley/contracts';
import { connectionFailed } from './errors.js';
import { Typing } from './typing.js';

const TEA = 'tea';

describe('typing', () => {
  let told: string[];
  let typing: Typing;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    typing = new Typing((command, conversationId) => {
      told.push(`${command.replace('typing:', '')} ${conversationId}`);
      // Nobody looks at what became of it.
      return Promise.reject(connectionFailed());
    });
  });
  afterEach(() => {
    typing.clear();
    jest.useRealTimers();
  });

  const hear = (userId: string, isTyping = true): void =>
    typing.hear({ conversationId: TEA, userId, typing: isTyping });

  it('is told with the first key, and not again before the server wants it', () => {
    for (let ms = 0; ms < LIMITS.typingEveryMs; ms += 100) {
      typing.start(TEA);
      jest.advanceTimersByTime(100);
    }
    expect(told).toEqual(['start tea']);
    typing.start(TEA);
    expect(told).toEqual(['start tea', 'start tea']);
    typing.start('coffee');
    expect(told).toEqual(['start tea', 'start tea', 'start coffee']);
  });

  it('ends once, and only where it has begun', () => {
    typing.stop(TEA);
    expect(told).toEqual([]);
    typing.start(TEA);
    typing.stop('coffee');
    typing.stop(TEA);
    typing.stop(TEA);
    expect(told).toEqual(['start tea', 'stop tea']);
  });

  it('of others is shown until they stop', () => {
    const store = typing.of(TEA);
    for (const userId of ['ada', 'ben', 'ada']) hear(userId);
    expect([...store.getSnapshot()].sort()).toEqual(['ada', 'ben']);
    expect(typing.of('coffee').getSnapshot()).toEqual([]);
    hear('ada', false);
    expect(store.getSnapshot()).toEqual(['ben']);
  });

  it('of others ends by itself when its end got lost, so long after the last word of it', () => {
    const store = typing.of(TEA);
    hear('ada');
    jest.advanceTimersByTime(LIMITS.typingExpiresMs - 1);
    expect(store.getSnapshot()).toEqual(['ada']);
    hear('ada');
    jest.advanceTimersByTime(LIMITS.typingExpiresMs - 1);
    expect(store.getSnapshot()).toEqual(['ada']);
    jest.advanceTimersByTime(1);
    expect(store.getSnapshot()).toEqual([]);
  });

  it('is over when the connection is closed', () => {
    hear('ada');
    typing.start(TEA);
    typing.clear();
    expect(typing.of(TEA).getSnapshot()).toEqual([]);
    typing.stop(TEA);
    expect(told).toEqual(['start tea']);
    typing.start(TEA);
    expect(told).toEqual(['start tea', 'start tea']);
  });
});
