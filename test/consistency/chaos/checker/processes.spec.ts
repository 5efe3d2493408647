import type { ProcessesSeen } from './evidence.js';
import { brokenBy } from './evidence-builder.js';

const quiet: ProcessesSeen = { exits: [], alarms: [], resources: [], unhandled: [] };

const brokenWith = (changes: Partial<ProcessesSeen>) =>
  brokenBy({ history: [], conversations: [], clients: [], processes: { ...quiet, ...changes } });

const exit = { node: 'the server', code: null, signal: null, injected: null };
const held = (descriptors: number, residentMegabytes: number) => ({ descriptors, residentMegabytes });

describe('a server', () => {
  it('ends when and how a fault wants it to, and never else', () => {
    expect(brokenWith({ exits: [{ ...exit, signal: 'SIGKILL', injected: 'SIGKILL' }] })).toEqual([]);
    expect(brokenWith({ exits: [{ ...exit, code: 0, injected: 'SIGTERM' }] })).toEqual([]);
    expect(brokenWith({ exits: [{ ...exit, code: 1, injected: 'SIGTERM' }] })).toEqual(['process']);
    expect(brokenWith({ exits: [{ ...exit, code: 1 }] })).toEqual(['process']);
  });

  it('leaves nothing uncaught', () => {
    expect(brokenWith({ alarms: ['An error that nobody caught'] })).toEqual(['process']);
  });

  it('does not pile up descriptors or memory', () => {
    const resources = (after: ReturnType<typeof held>) => [{ node: 'the server', before: held(50, 120), after }];
    expect(brokenWith({ resources: resources(held(60, 200)) })).toEqual([]);
    expect(brokenWith({ resources: resources(held(150, 200)) })).toEqual(['process']);
    expect(brokenWith({ resources: resources(held(60, 900)) })).toEqual(['process']);
  });
});

describe('the clients', () => {
  it('leave nothing uncaught', () => {
    expect(brokenWith({ unhandled: ['a rejection'] })).toEqual(['process']);
  });
});
