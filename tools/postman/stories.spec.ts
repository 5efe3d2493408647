import { readFileSync } from 'node:fs';
import { toCollection } from './collection.js';
import type { Description } from './description.js';
import { makeFiles } from './files.js';
import { STORIES } from './stories.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const description = JSON.parse(read('docs/openapi.json')) as Description;
const steps = STORIES.flatMap((story) => story.steps);

describe('the stories', () => {
  it('are what stands in docs/postman, which `npm run contracts` writes', () => {
    for (const [path, text] of Object.entries(makeFiles(description))) expect(read(path)).toBe(text);
  });

  it('use every operation', () => {
    const all = Object.values(description.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    const used = new Set(steps.map(({ operation }) => operation));
    expect(all.filter((id) => !used.has(id))).toEqual([]);
  });

  it('meet every status with which a person is refused', () => {
    const refusing = Object.values(description.paths)
      .flatMap((item) => Object.values(item).flatMap(({ responses }) => Object.keys(responses)))
      .filter((status) => /^4/.test(status));
    const met = new Set(steps.map(({ status }) => String(status)));
    expect([...new Set(refusing)].filter((status) => !met.has(status))).toEqual([]);
  });

  it('ask for nothing that is not described', () => {
    const story = (step: object) => [{ name: '', description: '', steps: [step] }] as unknown as typeof STORIES;
    const make = (step: object) => () => toCollection(description, story(step));
    expect(make({ name: 'a', operation: 'usersForget', status: 200 })).toThrow('no operation usersForget');
    expect(make({ name: 'a', operation: 'usersGetOwn', status: 418 })).toThrow('418 is not described');
    expect(make({ name: 'a', operation: 'usersGetOwn', status: 401, code: 'user_not_found' })).toThrow('is not');
    expect(make({ name: 'a', operation: 'usersGet', status: 200 })).toThrow('says nothing of id');
    expect(make({ name: 'a', operation: 'usersGetOwn', status: 401, code: 'token_missing' })).not.toThrow();
  });
});
