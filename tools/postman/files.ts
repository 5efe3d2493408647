import { toCollection, toEnvironment } from './collection.js';
import type { Description } from './description.js';
import { STORIES } from './stories.js';

/** The texts of the generated files, by their paths. */
export function makeFiles(description: Description): Record<string, string> {
  return {
    'docs/postman/parley.postman_collection.json': toText(toCollection(description, STORIES)),
    'docs/postman/local.postman_environment.json': toText(toEnvironment()),
  };
}

const toText = (made: object): string => `${JSON.stringify(made, null, 2)}\n`;
