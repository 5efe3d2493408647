import type { Step, Story } from '../story.js';

const NEW_RUN = "pm.collectionVariables.set('run', Date.now().toString(36));";

const register = (who: string, displayName: string, rest: Partial<Step> = {}): Step => ({
  name: `${displayName} registers`,
  operation: 'authRegister',
  body: { username: `${who}-{{run}}`, password: `the password of ${who}`, displayName },
  status: 201,
  carry: { [`${who}Id`]: 'user.id', [`${who}Token`]: 'accessToken', [`${who}Refresh`]: 'refreshToken' },
  ...rest,
});

export const IS_IT_THERE: Story = {
  name: '1 Is the server there?',
  description: 'What a load balancer asks. It needs no token.',
  steps: [
    { name: 'It runs', operation: 'healthGetHealth', status: 200, check: [['it is well', 'answer.status', "'ok'"]] },
    { name: 'It serves', operation: 'healthGetLiveness', status: 200 },
    { name: 'It is ready for requests', operation: 'healthGetReadiness', status: 200 },
  ],
};

export const ARRIVE: Story = {
  name: '2 Three people arrive',
  description:
    'Ada, Ben and Cleo register. Each answer holds an access token, good for ten minutes, and a refresh token, good ' +
    'for one use; both are carried on. Each run makes new people, so it can be repeated.',
  steps: [
    register('ada', 'Ada', { before: [NEW_RUN] }),
    register('ben', 'Ben'),
    register('cleo', 'Cleo'),
    {
      name: 'Ada logs in on her phone',
      operation: 'authLogin',
      body: { username: 'ada-{{run}}', password: 'the password of ada' },
      status: 200,
      carry: { phoneToken: 'accessToken' },
      check: [['she is the same person', 'answer.user.id', "pm.collectionVariables.get('adaId')"]],
    },
    {
      name: 'Ada sees where she is logged in',
      operation: 'sessionsList',
      as: 'phone',
      status: 200,
      carry: { deskSession: 'items.1.id' },
      check: [
        ['twice', 'answer.items.length', '2'],
        ['the one that asks comes first', 'answer.items[0].current', 'true'],
      ],
    },
    {
      name: 'Ada exchanges her refresh token',
      operation: 'authRefresh',
      body: { refreshToken: '{{adaRefresh}}' },
      status: 200,
      carry: { adaToken: 'accessToken', adaRefresh: 'refreshToken' },
    },
    { name: 'Ada looks at herself', operation: 'usersGetOwn', as: 'ada', status: 200 },
    {
      name: 'Ada takes another name',
      operation: 'usersUpdateOwn',
      as: 'ada',
      body: { displayName: 'Ada L. {{run}}' },
      status: 200,
      check: [['it is hers', 'answer.displayName', "'Ada L. ' + pm.collectionVariables.get('run')"]],
    },
  ],
};

export const FIND: Story = {
  name: '3 They find each other',
  description: 'Search by the beginning of a name, profiles, who is online, blocks.',
  steps: [
    {
      name: 'Ben searches for Ada',
      operation: 'usersSearch',
      as: 'ben',
      query: { query: 'ada-{{run}}' },
      status: 200,
      check: [['he finds her', 'answer.items[0].id', "pm.collectionVariables.get('adaId')"]],
    },
    { name: 'Ben looks at her profile', operation: 'usersGet', as: 'ben', path: { id: '{{adaId}}' }, status: 200 },
    {
      name: 'Ben does not want to hear from Cleo',
      operation: 'usersBlock',
      as: 'ben',
      path: { userId: '{{cleoId}}' },
      status: 204,
    },
    {
      name: 'Ben sees whom he blocks',
      operation: 'usersListBlocks',
      as: 'ben',
      status: 200,
      check: [['Cleo', 'answer.items[0].id', "pm.collectionVariables.get('cleoId')"]],
    },
    {
      name: 'Cleo cannot start a talk with him',
      operation: 'conversationsCreate',
      as: 'cleo',
      body: { kind: 'direct', memberIds: ['{{benId}}'] },
      status: 403,
      code: 'user_blocked',
    },
    {
      name: 'Ben thinks better of it',
      operation: 'usersUnblock',
      as: 'ben',
      path: { userId: '{{cleoId}}' },
      status: 204,
    },
  ],
};

export const LEAVE: Story = {
  name: '7 They leave',
  description: 'Sessions end, passwords change. What an ended session asks is refused at once.',
  steps: [
    {
      name: 'Ada ends the session at her desk from her phone',
      operation: 'sessionsEnd',
      as: 'phone',
      path: { id: '{{deskSession}}' },
      status: 204,
    },
    {
      name: 'Her desk is logged out',
      operation: 'usersGetOwn',
      as: 'ada',
      status: 401,
      code: 'session_ended',
    },
    {
      name: 'Ada changes her password',
      operation: 'authChangePassword',
      as: 'phone',
      body: { currentPassword: 'the password of ada', newPassword: 'another password of ada' },
      status: 204,
    },
    { name: 'Ada logs out', operation: 'sessionsEndCurrent', as: 'phone', status: 204 },
    { name: 'Ben logs out everywhere', operation: 'sessionsEndAll', as: 'ben', status: 204 },
  ],
};
