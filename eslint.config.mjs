import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** What only the edges may throw: everywhere else a refusal is a `DomainError` with a code of the contract. */
const EDGE_EXCEPTIONS =
  /^(WsException|.*HttpException|(BadRequest|Unauthorized|Forbidden|NotFound|NotAcceptable|Conflict|Gone|PayloadTooLarge|UnsupportedMediaType|UnprocessableEntity|InternalServerError|ServiceUnavailable|MethodNotAllowed|RequestTimeout)Exception)$/
    .source;

const noHiddenGraph = {
  name: '@nestjs/common',
  importNames: ['forwardRef'],
  message: 'A cycle of modules is a missing third module: see "The module graph" in CONTRIBUTING.md.',
};

const noModuleRef = {
  name: '@nestjs/core',
  importNames: ['ModuleRef'],
  message: 'Ask for the class in the constructor, so that the module graph shows the arrow.',
};

const noReachingIntoPackages = {
  group: ['**/libs/*', '**/libs/*/**', '@parley/*/*'],
  message: 'Import a workspace package by its name.',
};

const noEdgeExceptions = {
  group: ['@nestjs/common', '@nestjs/websockets'],
  importNamePattern: EDGE_EXCEPTIONS,
  message: 'Throw a DomainError: it has a code of the contract and reads the same on REST and in acks.',
};

const sizes = {
  'max-lines': ['warn', { max: 300 }],
  'max-lines-per-function': ['warn', { max: 40, skipBlankLines: true, skipComments: true }],
  'max-params': ['warn', { max: 7 }],
};

/** Rules about types, beyond those that typescript-eslint calls strict. */
const types = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowStaticOnly: false }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // An abstract class is the token under which something is injected; any value of its shape will do.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // `async` without `await` turns what is thrown into a rejection, which is what callers expect.
  '@typescript-eslint/require-await': 'off',
};

function readonly(...names) {
  return Object.fromEntries(names.map((name) => [name, 'readonly']));
}

export default tseslint.config(
  { ignores: ['**/dist/', '**/coverage/', '**/.parley/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export it by its name.' }],
      ...sizes,
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: types,
  },
  {
    name: 'the server, without its edges',
    files: ['apps/server/src/**/*.ts'],
    rules: {
      'no-console': 'error',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [noHiddenGraph, noModuleRef], patterns: [noReachingIntoPackages, noEdgeExceptions] },
      ],
    },
  },
  {
    name: 'the edges: they translate what the framework throws',
    files: ['apps/server/src/{common,http,realtime}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [noHiddenGraph, noModuleRef], patterns: [noReachingIntoPackages] },
      ],
    },
  },
  {
    name: 'tests: stories may be long, and a matcher takes a method without its object',
    files: ['**/*spec.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect.any()` and its kin are of type `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    name: 'the web client: rules of React; a component reads top-down, so its length is that of what it draws',
    files: ['apps/web/src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat['recommended-latest']],
    rules: {
      'no-console': 'error',
      'max-lines-per-function': ['warn', { max: 80, skipBlankLines: true, skipComments: true }],
      // An event handler of React may be asynchronous; what it rejects with is caught inside.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noReachingIntoPackages] }],
    },
  },
  {
    name: 'migrations: as long as their SQL',
    files: ['**/migrations/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    name: 'scripts: plain JavaScript, before anything is installed',
    files: ['**/*.mjs'],
    languageOptions: {
      globals: readonly(
        'AbortController',
        'AbortSignal',
        'URL',
        'clearInterval',
        'fetch',
        'performance',
        'process',
        'setInterval',
      ),
    },
  },
  {
    name: 'what runs before the first paint: a plain script in a browser',
    files: ['apps/web/public/**/*.js'],
    languageOptions: { globals: readonly('document', 'localStorage', 'matchMedia') },
  },
  {
    name: 'configuration files export what their tool asks for',
    files: ['*.config.mjs', 'apps/web/vite.config.ts', '.dependency-cruiser.mjs', 'test/support/longest-first.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  prettier,
);
