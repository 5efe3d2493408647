/**
 * The module graph, as CONTRIBUTING.md draws it. Each rule says in its comment why it exists.
 *
 * NOTE: what one file may take from a package (no `forwardRef`, no `HttpException` outside the edges,
 * no default exports) is in `eslint.config.mjs`.
 */

const SERVER = '^apps/server/src';
const SPEC = '\\.(int-|e2e-)?spec\\.ts$';

const FEATURES = ['auth', 'users', 'conversations', 'messages', 'sync', 'presence'];
const FOUNDATION = ['common', 'config', 'events', 'database'];

/** Which folders of the server each of its folders may import, and why no others. */
const ARROWS = {
  common: { to: ['config'], why: 'Everybody imports it, so it can know nobody.' },
  config: { to: ['common'], why: 'Settings are read before anything else exists.' },
  events: { to: ['common', 'config'], why: 'It carries facts about features and looks into none of them.' },
  database: { to: ['common', 'config', 'events'], why: 'Features are built on it; their entities are handed in.' },
  health: { to: FOUNDATION, why: 'Whether the server is well is asked below the features, not by asking them.' },
  metrics: {
    to: FOUNDATION,
    why: 'It counts what is told to anybody; what it looked into would depend on being watched.',
  },
  traces: {
    to: [...FOUNDATION, 'health'],
    why: 'It draws what is told to anybody, and sends the last of it when the server is drained.',
  },
  openapi: { to: ['common', 'config'], why: 'It describes the routes it is given; it knows none by name.' },
  http: { to: [...FOUNDATION, 'health', 'openapi'], why: 'The edge is the same for every route.' },
  users: { to: FOUNDATION, why: 'People exist before they log in or talk.' },
  auth: { to: [...FOUNDATION, 'users'], why: 'Whoever logs in is a user; what they may do is said by the features.' },
  conversations: { to: [...FOUNDATION, 'users'], why: 'Its members are users; it does not know what they write.' },
  messages: { to: [...FOUNDATION, 'users', 'conversations'], why: 'A message stands in a conversation.' },
  sync: {
    to: [...FOUNDATION, 'users', 'conversations', 'messages'],
    why: 'What a client missed spans its conversations and their messages; neither of them knows of clients.',
  },
  counters: {
    to: [...FOUNDATION, 'conversations'],
    why: 'It recounts what the features derive; they need not know that they are checked.',
  },
  presence: {
    to: [...FOUNDATION, 'users', 'conversations'],
    why: 'Who may see whom follows from conversations and blocks; messages have no part in it.',
  },
  realtime: { to: [...FOUNDATION, 'health', ...FEATURES], why: 'Sockets are one more way to the same services.' },
};

const folders = Object.keys(ARROWS);

const arrows = Object.entries(ARROWS).map(([folder, { to, why }]) => ({
  name: `arrows-from-${folder}`,
  comment: `${why} It may import ${to.join(', ')}; another arrow would close a cycle or needs a third module.`,
  severity: 'error',
  from: { path: `${SERVER}/${folder}/`, pathNot: SPEC },
  to: { path: `${SERVER}/`, pathNot: `${SERVER}/(${[folder, ...to].join('|')})/` },
}));

const graph = [
  {
    name: 'no-cycles',
    comment: 'Files in a cycle can be understood, tested and moved only together.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unknown-folders',
    comment: 'A new folder needs a place in the graph: write its arrows into ARROWS, with the reason.',
    severity: 'error',
    from: { path: `${SERVER}/[^/]+/`, pathNot: `${SERVER}/(${folders.join('|')})/` },
    to: {},
  },
  ...arrows,
  {
    name: 'nobody-imports-realtime',
    comment: 'Without it the server must still work over REST alone; only the composition puts it in.',
    severity: 'error',
    from: { path: '^(apps|libs)/', pathNot: `${SERVER}/(realtime/|app\\.(module|factory)\\.ts$)` },
    to: { path: `${SERVER}/realtime/` },
  },
  {
    name: 'features-by-their-doors',
    comment: 'A module, a service or an access class can keep its promise; the rest of a feature may change any day.',
    severity: 'error',
    from: { path: `${SERVER}/([^/]+)/`, pathNot: [`${SERVER}/realtime/`, SPEC] },
    to: {
      path: `${SERVER}/(${FEATURES.join('|')})/`,
      pathNot: [`${SERVER}/$1/`, '\\.(module|service|access)\\.ts$'],
    },
  },
  {
    name: 'realtime-by-the-same-doors',
    comment: 'As above; and the input classes, because a command takes what its REST twin takes.',
    severity: 'error',
    from: { path: `${SERVER}/realtime/`, pathNot: SPEC },
    to: {
      path: `${SERVER}/(${FEATURES.join('|')})/`,
      pathNot: '\\.(module|service|access)\\.ts$|/dto/[^/]+\\.dto\\.ts$',
    },
  },
  {
    name: 'edges-only-translate',
    comment:
      'A controller or gateway declares and calls one service method. With an entity, an access class, a view or ' +
      'SQL at hand it would begin to decide, and the other edge would decide differently.',
    severity: 'error',
    from: { path: '\\.(controller|gateway)\\.ts$' },
    to: {
      path: [
        '/entities/|\\.(entity|access|view|queries)\\.ts$',
        `${SERVER}/database/`,
        'node_modules/(typeorm|pg|@nestjs/typeorm)/',
      ],
    },
  },
  {
    name: 'relations-stay-inside',
    comment:
      'Across features an entity holds a plain id and the foreign key stands in the migration: a relation would ' +
      'load, join and save what another feature guards.',
    severity: 'error',
    from: { path: `${SERVER}/([^/]+)/entities/` },
    to: { path: `${SERVER}/[^/]+/entities/`, pathNot: `${SERVER}/$1/` },
  },
  {
    name: 'sockets-in-one-place',
    comment:
      'Socket.IO interprets, queues and broadcasts by rules of its own; what protects against them is in realtime ' +
      'and in the client, and nowhere else.',
    severity: 'error',
    from: { path: '^(apps|libs)/', pathNot: [`${SERVER}/realtime/`, '^libs/client/', SPEC] },
    to: { path: 'node_modules/(socket\\.io[^/]*|engine\\.io[^/]*|ws|@nestjs/(websockets|platform-socket\\.io))/' },
  },
  {
    name: 'open-telemetry-in-one-place',
    comment: 'Who tells of a span does not know who draws it; and what nobody imports is not loaded.',
    severity: 'error',
    from: { path: '^(apps|libs)/', pathNot: `${SERVER}/traces/open-telemetry\\.ts$` },
    to: { path: 'node_modules/@opentelemetry/' },
  },
  {
    name: 'open-telemetry-when-wanted',
    comment: 'Most servers draw no traces, and should not spend memory and a slower start on them.',
    severity: 'error',
    from: { path: `${SERVER}/` },
    to: {
      path: `${SERVER}/traces/open-telemetry\\.ts$`,
      dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'],
    },
  },
];

const packages = [
  {
    name: 'contracts-imports-nothing',
    comment: 'It travels into every client: a dependency of it would be a dependency of everybody.',
    severity: 'error',
    from: { path: '^libs/contracts/src/', pathNot: SPEC },
    to: { pathNot: '^libs/contracts/src/' },
  },
  {
    name: 'client-imports-contracts-and-socket-io',
    comment: 'It runs in browsers and in Node, and is downloaded by every visitor.',
    severity: 'error',
    from: { path: '^libs/client/src/', pathNot: SPEC },
    to: { pathNot: ['^libs/(client|contracts)/src/', 'node_modules/(socket\\.io-client|engine\\.io-client)/'] },
  },
  {
    name: 'web-knows-client-and-contracts',
    comment: 'What the web page needs, every client needs: it belongs into the SDK, not into a short cut.',
    severity: 'error',
    from: { path: '^apps/web/' },
    to: { path: '^(apps|libs|test|tools)/', pathNot: ['^apps/web/', '^libs/(client|contracts)/src/index\\.ts$'] },
  },
  {
    name: 'packages-by-their-index',
    comment: 'What the index does not name is not promised to anybody.',
    severity: 'error',
    from: { path: '^(apps/[^/]+|libs/[^/]+|test|tools)/' },
    to: { path: '^libs/[^/]+/src/', pathNot: ['^$1/', '^libs/[^/]+/src/index\\.ts$'] },
  },
  {
    name: 'no-index-inside',
    comment: 'An index inside a package hides who uses what, and ties files that have nothing to do with each other.',
    severity: 'error',
    from: {},
    to: { path: '^(apps|libs)/[^/]+/src/.+/index\\.ts$' },
  },
  {
    name: 'tools-are-clients',
    comment: 'A tool that reaches into the server would prove nothing about what clients see.',
    severity: 'error',
    from: { path: '^tools/', pathNot: SPEC },
    to: { path: '^(apps|test)/' },
  },
];

const hygiene = [
  {
    name: 'end-to-end-from-outside',
    comment: 'An end-to-end test sees what a client sees; the inside of a feature has integration tests beside it.',
    severity: 'error',
    from: { path: '^test/.*\\.e2e-spec\\.ts$' },
    to: { path: `${SERVER}/(${FEATURES.join('|')})/` },
  },
  {
    name: 'no-tests-in-production',
    comment: 'What a server runs must not need what only a test has.',
    severity: 'error',
    from: { path: '^(apps|libs)/[^/]+/src/', pathNot: SPEC },
    to: { path: ['^(test|tools)/', SPEC] },
  },
  {
    name: 'declared-dependencies',
    comment:
      'An image holds what is declared: a package that is there by chance, or for development, is missing in it.',
    severity: 'error',
    from: { path: '^(apps|libs)/[^/]+/src/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only', 'npm'] },
  },
  {
    name: 'everything-resolves',
    comment: 'An import that leads nowhere fails when the file is loaded, which may be in production.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: [...graph, ...packages, ...hygiene],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|libs)/[^/]+/(dist|public)/' },
    // Types count: a file that needs another one's types cannot be understood without it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@parley/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
};
