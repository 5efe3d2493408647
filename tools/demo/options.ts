import { parseArgs } from 'node:util';

export interface DemoOptions {
  url: string;
  /** 1 is the pace of a reader, 0 does not wait. */
  pace: number;
  /** How many messages are written after the story; endless when there is none. */
  rounds: number | undefined;
}

/** @throws Error that says what is wrong with the command line */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { url: { type: 'string' }, pace: { type: 'string' }, rounds: { type: 'string' } },
  });
  const pace = Number(values.pace ?? '1');
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (!(pace >= 0 && pace <= 100)) throw new Error('--pace must be a number from 0 to 100');
  if (rounds !== undefined && !Number.isSafeInteger(rounds)) throw new Error('--rounds must be a whole number');
  if (values.url === undefined || !URL.canParse(values.url)) throw new Error('--url must be the address of a server');
  return { url: values.url.replace(/\/+$/, ''), pace, rounds };
}
