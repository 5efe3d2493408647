import * as fc from 'fast-check';
import type { LogEvent, LogKind } from './log.js';
import { listPresentAtEnd, listStretches } from './presence.js';
import { toScript, type Script } from './script.js';

type Line = readonly [nick: string, kind: LogKind, text?: string];

const toEvents = (lines: readonly Line[]): LogEvent[] =>
  lines.map(([nick, kind, text = ''], index) => ({ line: index + 1, minute: 0, nick, kind, text }));

const script = (...lines: Line[]): Script => toScript(toEvents(lines));

/** The steps in words, with each person as first nick and index. */
function tell({ people, steps, presentFromStart }: Script): string[] {
  const name = (person: number): string => `${people[person]}#${person}`;
  return [
    `there: ${presentFromStart.map(name).join(' ')}`,
    ...steps.map((step) => {
      const who = name(step.person);
      switch (step.kind) {
        case 'send':
          return `${who} says ${step.body}`;
        case 'rename':
          return `${who} is ${step.nick}`;
        default:
          return `${who} ${step.kind}s${step.implied ? ' (implied)' : ''}`;
      }
    }),
  ];
}

describe('the script of a log', () => {
  it('has everybody there from the start who speaks without having joined', () => {
    expect(
      tell(script(['ada', 'message', 'hi'], ['ben', 'join'], ['cleo', 'action', 'waves'], ['ben', 'message', 'yo'])),
    ).toEqual(['there: ada#0 cleo#2', 'ada#0 says hi', 'ben#1 joins', 'cleo#2 says /me waves', 'ben#1 says yo']);
  });

  it('has somebody there from the start who only leaves', () => {
    expect(tell(script(['ada', 'leave']))).toEqual(['there: ada#0', 'ada#0 leaves']);
  });

  it('keeps a person through a chain of renames and back', () => {
    expect(
      tell(
        script(
          ['a', 'rename', 'b'],
          ['b', 'message', '1'],
          ['b', 'rename', 'c'],
          ['c', 'rename', 'a'],
          ['a', 'message', '2'],
        ),
      ),
    ).toEqual(['there: a#0', 'a#0 is b', 'a#0 says 1', 'a#0 is c', 'a#0 is a', 'a#0 says 2']);
  });

  it('takes nicks that differ in case for two people', () => {
    expect(tell(script(['Ada', 'message', '1'], ['ada', 'message', '2']))).toEqual([
      'there: Ada#0 ada#1',
      'Ada#0 says 1',
      'ada#1 says 2',
    ]);
  });

  it('brings back the person who left under a nick', () => {
    expect(tell(script(['ada', 'leave'], ['ada', 'join'], ['ada', 'leave'], ['ada', 'join']))).toEqual([
      'there: ada#0',
      'ada#0 leaves',
      'ada#0 joins',
      'ada#0 leaves',
      'ada#0 joins',
    ]);
  });

  it('puts somebody who has left back in before they speak', () => {
    expect(
      tell(script(['ada', 'leave'], ['ada', 'message', 'still here'], ['ada', 'leave'], ['ada', 'rename', 'ben'])),
    ).toEqual([
      'there: ada#0',
      'ada#0 leaves',
      'ada#0 joins (implied)',
      'ada#0 says still here',
      'ada#0 leaves',
      'ada#0 joins (implied)',
      'ada#0 is ben',
    ]);
  });

  it('lets a new person in under a nick that its bearer has given up', () => {
    expect(tell(script(['ada', 'rename', 'ben'], ['ada', 'message', 'hi'], ['ben', 'message', 'hi']))).toEqual([
      'there: ada#0',
      'ada#0 is ben',
      'ada#1 joins (implied)',
      'ada#1 says hi',
      'ada#0 says hi',
    ]);
  });

  it('lets go whoever bears a nick that another takes over', () => {
    expect(
      tell(
        script(
          ['ada', 'message', '1'],
          ['ben', 'rename', 'ada'],
          ['ada', 'message', '2'],
          ['ada', 'leave'],
          ['ada', 'message', '3'],
        ),
      ),
    ).toEqual([
      'there: ada#0 ben#1',
      'ada#0 says 1',
      'ada#0 leaves (implied)',
      'ben#1 is ada',
      'ben#1 says 2',
      'ben#1 leaves',
      'ben#1 joins (implied)',
      'ben#1 says 3',
    ]);
  });

  it('does not bring back somebody whose nick another has borne since', () => {
    expect(
      tell(
        script(['ada', 'leave'], ['ben', 'rename', 'ada'], ['ada', 'rename', 'ben'], ['ada', 'message', 'new here']),
      ),
    ).toEqual([
      'there: ada#0 ben#1',
      'ada#0 leaves',
      'ben#1 is ada',
      'ben#1 is ben',
      'ada#2 joins (implied)',
      'ada#2 says new here',
    ]);
  });

  it('passes over lines that change nothing, and counts them', () => {
    const odd = script(
      ['ada', 'message', 'hi'],
      ['ada', 'join'],
      ['ada', 'rename', 'ada'],
      ['ada', 'leave'],
      ['ada', 'leave'],
      ['ben', 'rename', 'cleo'],
      ['ben', 'leave'],
    );
    expect(tell(odd)).toEqual(['there: ada#0 ben#1', 'ada#0 says hi', 'ada#0 leaves', 'ben#1 is cleo']);
    expect(odd.withoutEffect).toBe(4);
  });

  it('leaves out what cannot be said, with the reason, and nobody with it', () => {
    const blank = script(['ada', 'message', ' '], ['ben', 'message', 'hi']);
    expect(tell(blank)).toEqual(['there: ada#0 ben#1', 'ben#1 says hi']);
    expect(blank.leftOut).toEqual([{ line: 1, reason: 'a blank text is not a message' }]);
  });

  it('leaves out what nobody does and renames to nobody, with the reason, and goes on with the others', () => {
    const odd = script(
      ['ada', 'message', '1'],
      [' ', 'message', 'boo'],
      ['', 'join'],
      ['ada', 'rename', ' \t'],
      ['', 'rename', 'ben'],
      ['ada', 'message', '2'],
    );
    expect(tell(odd)).toEqual(['there: ada#0', 'ada#0 says 1', 'ada#0 says 2']);
    expect(odd.leftOut).toEqual([
      { line: 2, reason: 'a blank nick is nobody' },
      { line: 3, reason: 'a blank nick is nobody' },
      { line: 4, reason: 'a blank text is not a new nick' },
      { line: 5, reason: 'a blank nick is nobody' },
    ]);
    expect(odd.lines).toEqual({ message: 3, action: 0, join: 1, leave: 0, rename: 2 });
  });

  it('says a long text in several messages of one line', () => {
    expect(script(['ada', 'message', 'x'.repeat(9_000)]).steps.map(({ line }) => line)).toEqual([1, 1, 1]);
  });

  it('bears nicks that are names of properties', () => {
    expect(tell(script(['__proto__', 'message', 'hi'], ['constructor', 'leave']))).toEqual([
      'there: __proto__#0 constructor#1',
      '__proto__#0 says hi',
      'constructor#1 leaves',
    ]);
  });

  it('has no more people at once than a group holds', () => {
    const crowd = (count: number): Line[] =>
      Array.from({ length: count }, (_, index) => [`p${index}`, 'message', 'hi']);
    expect(script(...crowd(999)).people).toHaveLength(999);
    expect(() => script(...crowd(1_000))).toThrow('line 1: more than 999 people are there at once');
    expect(script(...crowd(998), ['p0', 'leave'], ['new', 'join'], ['newer', 'join']).people).toHaveLength(1_000);
    expect(() => script(...crowd(998), ['new', 'join'], ['newer', 'join'])).toThrow('line 1000: more than 999');
  });

  it('makes sense for every log', () => {
    const nick = fc.constantFrom('a', 'b', 'c', 'd', 'A');
    const line = fc.oneof(
      fc.tuple(nick, fc.constantFrom<LogKind>('message', 'action', 'join', 'leave'), fc.constant('x')),
      fc.tuple(nick, fc.constant<LogKind>('rename'), nick),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
        expectSense(lines, script(...lines));
      }),
      { numRuns: 500 },
    );
  });

  /** Acts the script out: nobody joins twice, speaks from outside or bears a nick that another bears. */
  function expectSense(lines: readonly Line[], { people, presentFromStart, steps }: Script): void {
    const nicks = new Map(presentFromStart.map((person) => [person, people[person]]));
    const lastNicks = new Map(people.map((nick, person) => [person, nick]));
    for (const step of steps) {
      expect(nicks.has(step.person)).toBe(step.kind !== 'join');
      if (step.kind === 'join') nicks.set(step.person, lastNicks.get(step.person) ?? '');
      if (step.kind === 'leave') nicks.delete(step.person);
      if (step.kind === 'rename') nicks.set(step.person, step.nick);
      if (step.kind === 'rename') lastNicks.set(step.person, step.nick);
      if (step.kind === 'send') expect(nicks.get(step.person)).toBe(lines[step.line - 1]?.[0]);
    }
    const spoken = lines.filter(([, kind]) => kind === 'message' || kind === 'action');
    expect(steps.filter(({ kind }) => kind === 'send')).toHaveLength(spoken.length);
    expect(new Set(nicks.values()).size).toBe(nicks.size);
  }
});

describe('the presence in a script', () => {
  const visit = script(
    ['ada', 'message', '0'],
    ['ben', 'join'],
    ['ben', 'message', '1'],
    ['ada', 'message', '2'],
    ['ben', 'leave'],
    ['ada', 'message', '3'],
    ['ben', 'join'],
    ['ada', 'message', '4'],
    ['cleo', 'leave'],
    ['dan', 'join'],
  );

  it('is a stretch of messages for each time that somebody was there', () => {
    expect(listStretches(visit)).toEqual([
      [{ from: 0, end: 5 }],
      [
        { from: 1, end: 3 },
        { from: 4, end: 5 },
      ],
      [{ from: 0, end: 5 }],
      [{ from: 5, end: 5 }],
    ]);
  });

  it('tells who is there at the end', () => {
    expect(listPresentAtEnd(visit)).toEqual(new Set([0, 1, 3]));
  });
});
