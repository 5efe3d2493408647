import { randomBytes } from 'node:crypto';
import type { AuthView } from '@parley/contracts';
import { rest, type Rest } from './rest.js';

/** Somebody who has registered and is logged in. */
export interface Person {
  id: string;
  username: string;
  displayName: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  sessionId: string;
  /** Asks as this person, with the `accessToken` that stands here at the time. */
  rest: Rest;
}

/**
 * Registers people over REST: `const { ada, ben } = await people(app, 'ada', 'ben')`. The username
 * gets a suffix, so every test can have an ada of its own; the display name is the name itself.
 */
export async function people<N extends string>(app: { url: string }, ...names: N[]): Promise<Record<N, Person>> {
  const registered = await Promise.all(names.map(async (name) => [name, await register(app, name)] as const));
  return Object.fromEntries(registered) as Record<N, Person>;
}

/** The same person in another session: logged in once more, as on another device. */
export async function anotherSession(app: { url: string }, person: Person): Promise<Person> {
  const { username, password, displayName } = person;
  const answer = await rest(app).post<AuthView>('/auth/login', { username, password });
  if (answer.status !== 200) throw new Error(`${username} could not log in: ${JSON.stringify(answer.body)}`);
  return toPerson(app, answer.body, { displayName, password });
}

async function register(app: { url: string }, displayName: string): Promise<Person> {
  const username = `${displayName}-${randomBytes(4).toString('hex')}`;
  const password = `the password of ${displayName}`;
  const answer = await rest(app).post<AuthView>('/auth/register', { username, password, displayName });
  if (answer.status !== 201) throw new Error(`${username} could not register: ${JSON.stringify(answer.body)}`);
  return toPerson(app, answer.body, { displayName, password });
}

function toPerson(
  app: { url: string },
  { user, accessToken, refreshToken }: AuthView,
  { displayName, password }: { displayName: string; password: string },
): Person {
  const [sessionId = ''] = refreshToken.split('.');
  const person = { id: user.id, username: user.username, displayName, password, accessToken, refreshToken, sessionId };
  // One object, so that whoever assigns another accessToken asks with it.
  return Object.assign(person, { rest: rest(app, { token: () => person.accessToken }) });
}
