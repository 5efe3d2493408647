import { LogError, parseLog } from './log.js';

const HELLO = '{"minute":"04:46","nick":"ada","kind":"message","text":"hello"}';

const parse = (...lines: string[]) => parseLog(Buffer.from(lines.join('\n')));

function problemOf(...lines: string[]): string {
  try {
    parse(...lines);
  } catch (error) {
    if (error instanceof LogError) return error.message;
  }
  return 'accepted';
}

describe('a log', () => {
  it('is read line by line', () => {
    expect(parse(HELLO, '{"minute":"23:59","nick":"ben","kind":"rename","text":"Ben"}')).toEqual([
      { line: 1, minute: 286, nick: 'ada', kind: 'message', text: 'hello' },
      { line: 2, minute: 1439, nick: 'ben', kind: 'rename', text: 'Ben' },
    ]);
  });

  it('may hold blank lines, which count, and end with or without a newline', () => {
    expect(parse('', HELLO, '  \r', HELLO, '').map(({ line }) => line)).toEqual([2, 4]);
  });

  it('may come with carriage returns, a byte order mark and unknown fields', () => {
    expect(parse(`\uFEFF${HELLO}\r`, HELLO.replace('{', '{"id":7,'))).toHaveLength(2);
  });

  it('keeps a byte order mark inside a text', () => {
    expect(parse(HELLO, HELLO.replace('hello', '\uFEFFhello'))[1]?.text).toBe('\uFEFFhello');
  });

  it('is split at newlines only, not at other separators of lines', () => {
    expect(parse(HELLO.replace('hello', 'a\u2028b\u0085c'))).toHaveLength(1);
  });

  it('may leave out the text of joins and leaves', () => {
    expect(parse('{"minute":"00:00","nick":"ada","kind":"join"}')[0]?.text).toBe('');
    expect(parse('{"minute":"00:00","nick":"ada","kind":"leave","text":""}')[0]?.text).toBe('');
  });

  it('keeps empty and odd texts as they are', () => {
    expect(parse(HELLO.replace('hello', ''))[0]?.text).toBe('');
    expect(parse(HELLO.replace('hello', '\\u0000\\ud800'))[0]?.text).toBe('\u0000\ud800');
  });

  it('may hold blank nicks, which are not for it to judge', () => {
    expect(parse(HELLO.replace('ada', ' '))[0]?.nick).toBe(' ');
    expect(parse('{"minute":"00:00","nick":"ada","kind":"rename","text":" "}')[0]?.text).toBe(' ');
  });

  it('stops after a number of events, before it looks at the next', () => {
    expect(parseLog(Buffer.from(`\n${HELLO}\n${HELLO}\nnonsense`), 2)).toHaveLength(2);
  });

  it.each([
    ['nonsense', 'line 2: is not JSON'],
    ['{"minute":"04:46"', 'line 2: is not JSON'],
    ['[]', 'line 2: is not a JSON object'],
    ['null', 'line 2: is not a JSON object'],
    ['"hello"', 'line 2: is not a JSON object'],
    [HELLO.replace('message', 'quit'), 'line 2: kind must be one of message, action, join, leave, rename'],
    [HELLO.replace('"kind":"message",', ''), 'line 2: kind must be one of message, action, join, leave, rename'],
    [HELLO.replace('"message"', '"toString"'), 'line 2: kind must be one of message, action, join, leave, rename'],
    [HELLO.replace('"nick":"ada",', ''), 'line 2: nick must be a string'],
    [HELLO.replace('"ada"', '7'), 'line 2: nick must be a string'],
    [HELLO.replace(',"text":"hello"', ''), 'line 2: text must be a string'],
    [HELLO.replace('"hello"', 'null'), 'line 2: text must be a string'],
    [HELLO.replace('04:46', '4:46'), 'line 2: minute must be a time such as 04:46'],
    [HELLO.replace('04:46', '24:00'), 'line 2: minute must be a time such as 04:46'],
    [HELLO.replace('"minute":"04:46",', ''), 'line 2: minute must be a time such as 04:46'],
    ['{"minute":"00:00","nick":"ada","kind":"rename"}', 'line 2: text must be a string'],
  ])('refuses %s', (line, problem) => {
    expect(problemOf(HELLO, line, HELLO)).toBe(problem);
  });

  it('refuses bytes that are not UTF-8, and says where', () => {
    const bytes = Buffer.concat([Buffer.from(`${HELLO}\n`), Buffer.from([0x22, 0xff, 0x22])]);
    expect(() => parseLog(bytes)).toThrow(new LogError('is not UTF-8', 2));
  });

  it('must not be empty', () => {
    expect(problemOf('')).toBe('the log is empty');
    expect(problemOf('', ' ')).toBe('the log is empty');
  });
});
