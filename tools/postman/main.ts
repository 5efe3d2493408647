import { readFileSync } from 'node:fs';
import type { Description } from './description.js';
import { makeFiles } from './files.js';

/** Takes an OpenAPI description on the standard input, and prints the texts of the generated files by their paths. */
process.stdout.write(JSON.stringify(makeFiles(JSON.parse(readFileSync(0, 'utf8')) as Description)));
