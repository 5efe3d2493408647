import { makeFiles } from './files.js';

/** Prints the texts of the generated files by their paths. */
process.stdout.write(JSON.stringify(makeFiles()));
