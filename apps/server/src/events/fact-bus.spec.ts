import { Logger } from '@nestjs/common';
import type { Change, Position } from './fact.js';
import { FactBus } from './fact-bus.js';
import { FanOutDriver, type FanOutReceiver } from './fan-out.driver.js';

/** A driver in the hands of the test. */
class HandFanOut extends FanOutDriver {
  readonly healthy = true;
  readonly sent: Change[] = [];
  receiver: FanOutReceiver;

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  send(changes: readonly Change[]): void {
    this.sent.push(...changes);
  }

  onReceive(receiver: FanOutReceiver): void {
    this.receiver = receiver;
  }
}

const typing = (userId: string): Change => [
  {
    type: 'typing:changed',
    audience: { conversationId: 'team' },
    payload: { conversationId: 'team', userId, typing: true },
  },
];

describe('FactBus', () => {
  beforeAll(() => Logger.overrideLogger(false));

  let driver: HandFanOut;
  let bus: FactBus;

  beforeEach(() => {
    driver = new HandFanOut();
    bus = new FactBus(driver);
  });

  it('tells its own listeners before the other nodes', () => {
    const order: string[] = [];
    bus.subscribe(() => order.push(`heard, ${driver.sent.length} sent`));
    bus.publish([typing('ada')]);
    expect(order).toEqual(['heard, 0 sent']);
    expect(driver.sent).toEqual([typing('ada')]);
  });

  it('tells what other nodes publish, and does not send it on', () => {
    const heard: Change[] = [];
    bus.subscribe((change) => heard.push(change));
    driver.receiver.changed([typing('ada'), typing('ben')]);
    expect(heard).toEqual([typing('ada'), typing('ben')]);
    expect(driver.sent).toEqual([]);
  });

  it('tells hints to those who listen for hints', () => {
    const changes: Change[] = [];
    const hints: Position[] = [];
    bus.subscribe((change) => changes.push(change));
    bus.onHint((hint) => hints.push(hint));
    driver.receiver.hinted({ conversationId: 'team', seq: 7, memberVersion: 2 });
    expect(hints).toEqual([{ conversationId: 'team', seq: 7, memberVersion: 2 }]);
    expect(changes).toEqual([]);
  });

  it('goes on when a listener throws', () => {
    const heard: Change[] = [];
    bus.subscribe(() => {
      throw new Error('a bad listener');
    });
    bus.subscribe((change) => heard.push(change));
    expect(() => bus.publish([typing('ada')])).not.toThrow();
    expect(heard).toHaveLength(1);
    expect(driver.sent).toHaveLength(1);
  });

  it('stops telling a listener that has left', () => {
    const heard: Change[] = [];
    const leave = bus.subscribe((change) => heard.push(change));
    leave();
    bus.publish([typing('ada')]);
    expect(heard).toEqual([]);
  });
});
