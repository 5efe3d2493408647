import { load, wrap } from './wrap.mjs';

/** A seeded bug: now and then a message is stored, and its sender is told for good that it was not. */
const EVERY = 20;
const { MessagesService } = await load('messages/messages.service.js');
const { DomainError } = await load('common/domain-error.js');
let sends = 0;

wrap(
  MessagesService,
  'send',
  (send) =>
    async function sendAndDeny(...args) {
      const message = await send.apply(this, args);
      sends += 1;
      if (sends % EVERY === 0) throw new DomainError('internal_error', 'The message could not be stored');
      return message;
    },
);
