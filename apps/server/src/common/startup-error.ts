/** Why the server cannot start, in words that say what to do. Shown to people without a stack. */
export class StartupError extends Error {}
