import { Logger } from '@nestjs/common';

// What the server logs about failures that a test brings about is no news. A test of the log hands
// its own destination to `createApp`.
Logger.overrideLogger(false);
