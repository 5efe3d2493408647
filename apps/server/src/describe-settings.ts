import { settingsTable } from './config/settings-table.js';

/** Process entry of `npm run contracts`: prints the table of all settings. */
process.stdout.write(settingsTable());
