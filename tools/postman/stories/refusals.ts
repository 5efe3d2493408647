import { newClientId, type Step, type Story } from '../story.js';

const SOMEBODY = '0192f0bf-5c2e-7f00-a1b2-c3d4e5f60718';

/** One more than one address may guess the password of one name in a minute. */
const GUESSES = 11;

const login = (rest: Partial<Step> & Pick<Step, 'name' | 'status'>): Step => ({ operation: 'authLogin', ...rest });

const send = (rest: Partial<Step> & Pick<Step, 'name' | 'status'>): Step => ({
  operation: 'messagesSend',
  as: 'ada',
  path: { id: '{{talk}}' },
  before: [newClientId('clientId')],
  body: { clientId: '{{clientId}}', body: 'Hello again' },
  ...rest,
});

export const REFUSALS: Story = {
  name: '6 Every kind of refusal',
  description:
    'One for each status. All have the same body, a Problem (RFC 9457): decide by its `code`, and repeat only when ' +
    '`retryable` says so. The last one needs a server with rate limits, which are on by default.',
  steps: [
    login({
      name: '400: a field is wrong',
      operation: 'authRegister',
      body: { username: 'no', password: 'short' },
      status: 400,
      code: 'validation_failed',
      check: [['each is named', 'answer.errors.map(({ path }) => path).sort()', "['password', 'username']"]],
    }),
    login({ name: '400: the JSON is broken', body: '{ "username": ', status: 400, code: 'request_malformed' }),
    { name: '401: no token', operation: 'usersGetOwn', status: 401, code: 'token_missing' },
    {
      name: '401: no token of this server',
      operation: 'usersGetOwn',
      as: 'wrong',
      before: ["pm.collectionVariables.set('wrongToken', 'nonsense');"],
      status: 401,
      code: 'token_invalid',
    },
    login({
      name: '401: a wrong password',
      body: { username: 'ben-{{run}}', password: 'a guess of somebody' },
      status: 401,
      code: 'credentials_invalid',
    }),
    {
      name: '403: somebody else wrote it',
      operation: 'messageChangesEdit',
      as: 'ada',
      path: { id: '{{talk}}', seq: '{{answerSeq}}' },
      body: { body: 'What Ben never said' },
      status: 403,
      code: 'action_forbidden',
    },
    {
      name: '404: there is no such person',
      operation: 'usersGet',
      as: 'ada',
      path: { id: SOMEBODY },
      status: 404,
      code: 'user_not_found',
    },
    {
      name: '404: there is no such message',
      operation: 'messagesGet',
      as: 'ada',
      path: { id: '{{talk}}', seq: '999' },
      status: 404,
      code: 'message_not_found',
    },
    {
      name: '404: there is no such route',
      operation: null,
      path: { route: 'v1/nowhere' },
      status: 404,
      code: 'route_not_found',
    },
    login({
      name: '409: the name is taken',
      operation: 'authRegister',
      body: { username: 'ADA-{{run}}', password: 'correct horse battery' },
      status: 409,
      code: 'username_taken',
    }),
    {
      name: '409: somebody was faster',
      operation: 'messageChangesEdit',
      as: 'ben',
      path: { id: '{{talk}}', seq: '{{answerSeq}}' },
      body: { body: 'From another device', version: 1 },
      status: 409,
      code: 'version_conflict',
    },
    send({
      name: '409: the client id stands for another message',
      before: [],
      body: { clientId: '{{helloId}}', body: 'Something else' },
      status: 409,
      code: 'client_id_reused',
    }),
    send({
      name: '413: more than 64 KB',
      before: [newClientId('clientId'), "pm.variables.set('long', 'x'.repeat(70000));"],
      body: { clientId: '{{clientId}}', body: '{{long}}' },
      status: 413,
      code: 'payload_too_large',
    }),
    send({
      name: '415: not JSON',
      body: 'Hello',
      contentType: 'text/plain',
      status: 415,
      code: 'media_type_unsupported',
    }),
    send({
      name: '422: an answer to nothing',
      body: { clientId: '{{clientId}}', body: 'Yes', replyTo: 999 },
      status: 422,
      code: 'reply_target_not_found',
    }),
    login({
      name: '429: who guesses a password has to wait',
      before: [
        'const guess = { method: "POST", url: pm.variables.replaceIn("{{baseUrl}}/v1/auth/login"),',
        '  header: { "Content-Type": "application/json" }, body: { mode: "raw",',
        '  raw: pm.variables.replaceIn(\'{"username":"nobody-{{run}}","password":"a guess"}\') } };',
        `for (let turn = 1; turn < ${GUESSES}; turn += 1) pm.sendRequest(guess, () => undefined);`,
      ],
      body: { username: 'nobody-{{run}}', password: 'a guess' },
      status: 429,
      code: 'rate_limited',
      check: [
        ['it may be repeated', 'answer.retryable', 'true'],
        ['and says when', 'answer.retryInMs > 0', 'true'],
      ],
    }),
  ],
};
