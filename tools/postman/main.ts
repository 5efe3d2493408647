import { readFileSync } from 'node:fs';
import { toCollection, toEnvironment } from './collection.js';
import type { Description } from './description.js';
import { STORIES } from './stories.js';

/** Takes an OpenAPI description on the standard input, and prints the texts of the files by their paths. */
const description = JSON.parse(readFileSync(0, 'utf8')) as Description;
const toText = (made: object): string => `${JSON.stringify(made, null, 2)}\n`;
const files = {
  'docs/postman/parley.postman_collection.json': toText(toCollection(description, STORIES)),
  'docs/postman/local.postman_environment.json': toText(toEnvironment()),
};
process.stdout.write(JSON.stringify(files));
